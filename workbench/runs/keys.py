"""The workspace's keys: files that their owner alone can read, made when they are first asked for.

The token opens the page, and with it everything. The key for programs lets them ask the models and nothing else, so
that it can stand in a script or on another computer.
"""

import os
import re
import secrets
from pathlib import Path

from workbench.errors import WorkbenchError

_KEY = re.compile(r"[A-Za-z0-9_-]{32,}")


def page_token(root: Path) -> str:
    """What opens the page. Raises WorkbenchError where the file holds something else."""
    return _read_or_make(root / "token", "token")


def api_key(root: Path) -> str:
    """What programs ask the models with. Raises WorkbenchError where the file holds something else."""
    return _read_or_make(root / "api-key", "key")


def _read_or_make(path: Path, what: str) -> str:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _read(path, what)
    key = secrets.token_urlsafe(32)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(key + "\n")
    return key


def _read(path: Path, what: str) -> str:
    # An empty one would let everybody in.
    key = path.read_text(encoding="utf-8", errors="replace").strip()
    if not _KEY.fullmatch(key):
        raise WorkbenchError(f"The file {path} holds no usable {what}.", "Delete it; the next start makes a new one.")
    return key
