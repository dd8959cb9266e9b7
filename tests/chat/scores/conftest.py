"""A run with a result, made once; each test gets a workspace of its own."""

import shutil
from pathlib import Path

import pytest

from tests.chat.scores.workspace import make_run
from tests.conftest import share_kernels
from workbench.runs.run_dir import RunDir


@pytest.fixture(scope="session")
def made(tiny_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace with one run."""
    folder = tmp_path_factory.mktemp("made")
    root = folder / "workspace"
    root.mkdir()
    make_run(root, tiny_model, folder / "sums.jsonl")
    return root


@pytest.fixture
def run(made: Path, tmp_path: Path) -> RunDir:
    root = Path(shutil.copytree(made, tmp_path / "workspace"))
    share_kernels(root)
    return RunDir.open(root, "sums")
