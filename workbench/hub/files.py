"""Files of the hub: what it says of them, how one arrives, and whether it is what was sent.

Only a process that asks the hub loads this.
"""

import hashlib
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal

import httpx2
from huggingface_hub import hf_hub_url
from huggingface_hub.hf_api import RepoSibling
from huggingface_hub.utils import build_hf_headers, hf_raise_for_status, http_stream_backoff

from workbench.hub.token import token

_CHUNK_BYTES = 1024**2
_SILENCE_SECONDS = 10.0
"""After so long without a byte a connection counts as broken."""

_MOST_FAILURES = 5
"""How often in a row one may break with nothing come."""

_PAUSE_SECONDS = 1.0
_BROKEN = (httpx2.TimeoutException, httpx2.NetworkError, httpx2.RemoteProtocolError)
_PARTIAL_CONTENT = 206
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
    kind: Literal["model", "dataset"] = "model"


def fetch(place: Place, file: RemoteFile, partial: Path, on_bytes: OnBytes) -> None:
    """Bring what `partial` lacks of a file. A broken connection is taken up again; what came is kept in any case."""
    with partial.open("ab") as target:
        if target.tell() > file.size:
            on_bytes(-target.tell())
            target.truncate(0)
        failures = 0
        while target.tell() < file.size:
            before = target.tell()
            try:
                _go_on(place, file, target, on_bytes)
                return
            except _BROKEN:
                failures = 1 if target.tell() > before else failures + 1
                if failures == _MOST_FAILURES:
                    raise
                time.sleep(_PAUSE_SECONDS)


def _go_on(place: Place, file: RemoteFile, target: BinaryIO, on_bytes: OnBytes) -> None:
    here = target.tell()
    # Packed on the way, a file could not be gone on with from the middle.
    headers = build_hf_headers(token=token()) | {"Accept-Encoding": "identity", "Range": f"bytes={here}-"}
    url = hf_hub_url(place.id, file.path, repo_type=place.kind, revision=place.commit)
    with http_stream_backoff("GET", url, headers=headers, timeout=_SILENCE_SECONDS, retry_on_exceptions=()) as response:
        hf_raise_for_status(response)
        if here and response.status_code != _PARTIAL_CONTENT:
            on_bytes(-here)
            target.truncate(0)
        for chunk in response.iter_bytes(_CHUNK_BYTES):
            target.write(chunk)
            on_bytes(len(chunk))


def is_intact(path: Path, file: RemoteFile) -> bool:
    """Whether what arrived is what the hub has, as far as the hub tells."""
    if path.stat().st_size != file.size:
        return False
    if not file.hash:
        return True
    # For git, the kind and the size belong to what is hashed.
    hashed = hashlib.sha256() if file.sha256 else hashlib.sha1(b"blob %d\0" % file.size, usedforsecurity=False)
    with path.open("rb") as content:
        while chunk := content.read(_CHUNK_BYTES):
            hashed.update(chunk)
    return hashed.hexdigest() == file.hash


def _checked(hash: str) -> str:
    """Files are called after it, so that it must be one."""
    return hash if _HASH.fullmatch(hash) else ""
