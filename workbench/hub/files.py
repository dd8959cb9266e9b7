"""Files of the hub: what it says of them, how one arrives, and whether it is what was sent.

Only a process that asks the hub loads this.
"""

import hashlib
import io
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from huggingface_hub import hf_hub_url
from huggingface_hub.file_download import http_get
from huggingface_hub.hf_api import RepoSibling
from huggingface_hub.utils import build_hf_headers

from workbench.hub.answers import token

_CHUNK_BYTES = 1024**2
_HASH = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")

OnBytes = Callable[[int], None]
"""Hears how many more bytes have come; fewer than none where some must come again."""


@dataclass(frozen=True)
class RemoteFile:
    """A file of a repository. Large ones have a `sha256`, the others git's own hash of them."""

    path: str
    size: int
    sha256: str = ""
    git_id: str = ""

    @classmethod
    def of(cls, file: RepoSibling) -> "RemoteFile":
        sha256, git_id = file.lfs.sha256 if file.lfs else "", file.blob_id or ""
        return cls(file.rfilename, file.size or 0, _checked(sha256), _checked(git_id))

    @property
    def hash(self) -> str:
        """What the cache of the hub's own library calls the file; empty where the hub tells none."""
        return self.sha256 or self.git_id


@dataclass(frozen=True)
class Place:
    """A repository in one state, for good: branches move, commits do not."""

    id: str
    commit: str


def fetch(place: Place, file: RemoteFile, partial: Path, on_bytes: OnBytes) -> None:
    """Bring what `partial` lacks of a file; a broken connection is tried again, and what came is kept."""
    with _Counted(partial, on_bytes) as target:
        if target.tell() > file.size:
            target.begin_again()
        http_get(
            hf_hub_url(place.id, file.path, revision=place.commit),
            target,
            resume_size=target.tell(),
            headers=build_hf_headers(token=token()),
            expected_size=file.size,
        )


def is_intact(path: Path, file: RemoteFile) -> bool:
    """Whether what arrived is what the hub has."""
    if path.stat().st_size != file.size:
        return False
    # For git, the kind and the size belong to what is hashed.
    hashed = hashlib.sha256() if file.sha256 else hashlib.sha1(b"blob %d\0" % file.size, usedforsecurity=False)
    with path.open("rb") as content:
        while chunk := content.read(_CHUNK_BYTES):
            hashed.update(chunk)
    return hashed.hexdigest() == file.hash


def _checked(hash: str) -> str:
    """Files are called after it, so that it must be one."""
    return hash if _HASH.fullmatch(hash) else ""


class _Counted(io.FileIO):
    """A file that is added to, and says by how much."""

    def __init__(self, path: Path, on_bytes: OnBytes) -> None:
        super().__init__(path, "ab")
        self._on_bytes = on_bytes

    def write(self, data: bytes) -> int:  # type: ignore[override]  # whatever arrives, arrives as bytes
        self._write_all(data)
        self._on_bytes(len(data))
        return len(data)

    def truncate(self, size: int | None = None) -> int:
        end = self.tell() if size is None else size
        self._on_bytes(end - self.seek(0, io.SEEK_END))
        return super().truncate(end)

    def begin_again(self) -> None:
        self.truncate(0)

    def _write_all(self, data: bytes) -> None:
        """A disk that runs full may take a part, and then says so."""
        rest = memoryview(data)
        while rest:
            rest = rest[super().write(rest) :]
