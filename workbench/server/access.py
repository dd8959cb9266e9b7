"""Who may ask: the page's token, the key for programs, and the names that we answer to."""

import hashlib
import hmac
from dataclasses import dataclass
from pathlib import Path

LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]"})


@dataclass(frozen=True)
class Access:
    """What a visitor must know and how they may call us; `names` are host names without a port, in lower case."""

    token: str
    api_key: str
    names: frozenset[str] = LOOPBACK_NAMES

    def knows(self, offered: str) -> bool:
        """Whether this opens the page."""
        return hmac.compare_digest(offered.encode(), self.token.encode())

    def knows_program(self, offered: str) -> bool:
        """Whether this opens the addresses for programs; the token opens all."""
        return self.knows(offered) or hmac.compare_digest(offered.encode(), self.api_key.encode())


def name_workspace(root: Path, token: str) -> str:
    """A short proof that a page serves this folder; keyed, so that a stranger cannot work it out from the path."""
    return hmac.new(token.encode(), str(root.resolve()).encode(), hashlib.sha256).hexdigest()[:16]
