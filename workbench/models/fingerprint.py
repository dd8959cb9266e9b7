"""What tells one model folder from another, read in moments. No torch."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from workbench.models.weights import find_shards

_SAMPLE_BYTES = 1_000_000


def fingerprint(folder: Path) -> str:
    """A sha256 over config.json and the header and first megabyte of each weight file."""
    digest = hashlib.sha256()
    for _, part in _parts(folder):
        digest.update(part)
    return digest.hexdigest()


def fingerprints(folder: Path) -> dict[str, str]:
    """The same of each file by itself, by its name."""
    return {name: hashlib.sha256(part).hexdigest() for name, part in _parts(folder)}


def _parts(folder: Path) -> Iterator[tuple[str, bytes]]:
    yield "config.json", (folder / "config.json").read_bytes()
    for shard in find_shards(folder):
        with shard.open("rb") as file:
            length = file.read(8)
            header = file.read(int.from_bytes(length, "little"))
            yield shard.name, length + header + file.read(_SAMPLE_BYTES)
