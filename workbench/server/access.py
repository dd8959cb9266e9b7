"""Who may ask: the workspace's token, the names the page answers to, and the link that opens it."""

import hashlib
import hmac
import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path

from workbench.errors import WorkbenchError

LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]"})
TOKEN = re.compile(r"[A-Za-z0-9_-]{32,}")


@dataclass(frozen=True)
class Access:
    """What a visitor must know and how they may call us; `names` are host names without a port, in lower case."""

    token: str
    names: frozenset[str] = LOOPBACK_NAMES

    def knows(self, offered: str) -> bool:
        return hmac.compare_digest(offered.encode(), self.token.encode())


def read_token(root: Path) -> str:
    """The workspace's token, made at the first call and readable by its owner alone."""
    path = root / "token"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return read_existing(path)
    token = secrets.token_urlsafe(32)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(token + "\n")
    return token


def read_existing(path: Path) -> str:
    # An empty token would let everybody in.
    token = path.read_text(encoding="utf-8", errors="replace").strip()
    if not TOKEN.fullmatch(token):
        raise WorkbenchError(f"The file {path} holds no usable token.", "Delete it; the next start makes a new one.")
    return token


def name_workspace(root: Path, token: str) -> str:
    """A short proof that a page serves this folder; keyed, so that a stranger cannot work it out from the path."""
    return hmac.new(token.encode(), str(root.resolve()).encode(), hashlib.sha256).hexdigest()[:16]
