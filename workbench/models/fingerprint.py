"""What tells one model folder from another, read in moments. No torch."""

import hashlib
import math
import re
from collections.abc import Iterator
from pathlib import Path

from workbench.models.weights import find_shards

_SAMPLE_BYTES = 1_000_000
_STRETCHES = 64
_SHA256 = re.compile(r"[0-9a-f]{64}")


def fingerprint(folder: Path) -> str:
    """A sha256 over config.json and the header and first megabyte of each weight file."""
    digest = hashlib.sha256()
    for _, part in _parts(folder):
        digest.update(part)
    return digest.hexdigest()


def fingerprints(folder: Path) -> dict[str, str]:
    """The same of each file by itself, by its name."""
    return {name: hashlib.sha256(part).hexdigest() for name, part in _parts(folder)}


def stretches(folder: Path) -> dict[str, str]:
    """The beginnings of the sha256 of 64 equal stretches of each weight file. Takes seconds for each gigabyte."""
    return {shard.name: " ".join(_digest_of(part)[:16] for part in _stretches(shard)) for shard in find_shards(folder)}


def hub_digest(path: Path) -> str:
    """The sha256 that the hub told of a file when it was downloaded, "" where that is not known.

    The hub's cache names what it holds after it.
    """
    name = path.readlink().name if path.is_symlink() else ""
    return name if _SHA256.fullmatch(name) else ""


def _stretches(path: Path) -> Iterator[bytes]:
    length = max(1, math.ceil(path.stat().st_size / _STRETCHES))
    with path.open("rb") as file:
        while part := file.read(length):
            yield part


def _digest_of(part: bytes) -> str:
    return hashlib.sha256(part).hexdigest()


def _parts(folder: Path) -> Iterator[tuple[str, bytes]]:
    yield "config.json", (folder / "config.json").read_bytes()
    for shard in find_shards(folder):
        with shard.open("rb") as file:
            length = file.read(8)
            header = file.read(int.from_bytes(length, "little"))
            yield shard.name, length + header + file.read(_SAMPLE_BYTES)
