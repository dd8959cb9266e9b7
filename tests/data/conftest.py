"""Samples of the tests' own, and sets to work with."""

from pathlib import Path

import pytest

from tests.data.files import HELLO, jsonl
from workbench.data.sets import samples

CONTENT = jsonl(HELLO).encode()


@pytest.fixture
def own_samples(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of samples, pirate and haiku, in place of those that ship."""
    folder = tmp_path / "samples"
    folder.mkdir()
    for name in ("pirate.jsonl", "haiku.csv", "pirate-heldout.jsonl", "README.md", "picture.png"):
        (folder / name).write_bytes(CONTENT)
    monkeypatch.setattr(samples, "SAMPLES", folder)
    return folder
