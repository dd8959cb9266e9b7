"""A model's fingerprint: enough of its content to tell whether a run's base model is still the same."""

import hashlib
from pathlib import Path

from workbench.models.weights import find_shards

_SAMPLE_BYTES = 1_000_000


def fingerprint(folder: Path) -> str:
    """A sha256 over config.json and the header and first megabyte of each weight file."""
    digest = hashlib.sha256((folder / "config.json").read_bytes())
    for shard in find_shards(folder):
        with shard.open("rb") as file:
            length = file.read(8)
            digest.update(length)
            digest.update(file.read(int.from_bytes(length, "little")))
            digest.update(file.read(_SAMPLE_BYTES))
    return digest.hexdigest()
