"""Weights that have been damaged since they were downloaded, or since they were used, are not trained on."""

import hashlib
import shutil
from pathlib import Path

import pytest

from tests.training.in_process import create, train
from workbench.config.run_config import RunConfig
from workbench.errors import ModelError
from workbench.models.facts import ModelFacts, facts
from workbench.runs.run_dir import RunDir
from workbench.training import worker
from workbench.training.soundness import check_weights


@pytest.fixture
def downloaded(tiny_model: Path, tmp_path: Path) -> ModelFacts:
    """A model as it lies in the hub's cache, its weights named after what they hold."""
    folder = Path(shutil.copytree(tiny_model, tmp_path / "snapshots" / "one"))
    weights = folder / "model.safetensors"
    blob = tmp_path / "blobs" / hashlib.sha256(weights.read_bytes()).hexdigest()
    blob.parent.mkdir()
    weights.rename(blob)
    weights.symlink_to(blob)
    return facts(folder)


@pytest.fixture
def copy(tiny_model: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(tiny_model, tmp_path / "copy"))


def flip_a_bit(path: Path, place: int) -> None:
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize("place", [-1, -100_000])
def test_a_download_with_a_flipped_bit_is_found(place: int, downloaded: ModelFacts, root: Path) -> None:
    check_weights(RunDir(root / "runs" / "new"), downloaded)
    flip_a_bit(downloaded.path / "model.safetensors", place)
    with pytest.raises(ModelError, match=r"model\.safetensors is damaged: it is not what was downloaded"):
        check_weights(RunDir(root / "runs" / "new"), downloaded)


@pytest.mark.slow
@pytest.mark.parametrize("place", [-1, -300_000])
def test_a_bit_that_was_flipped_between_two_runs_is_found(
    place: int, copy: Path, config: RunConfig, root: Path
) -> None:
    train(create(config.changed("model.path", str(copy)), root, "first"))
    flip_a_bit(copy / "model.safetensors", place)
    second = create(config.changed("model.path", str(copy)), root, "second")
    assert worker.main(str(second.path)) == 1
    status = second.stored_status()
    assert "model.safetensors is damaged: a part of it has changed since the run first used it" in status.message
    assert not second.metrics_path.exists() or not second.metrics_path.read_text()


@pytest.mark.slow
def test_another_model_in_the_same_folder_is_no_damage(copy: Path, config: RunConfig, root: Path) -> None:
    from tests.tiny import make_model

    train(create(config.changed("model.path", str(copy)), root, "first"))
    make_model(copy, seed=1)
    train(create(config.changed("model.path", str(copy)), root, "second"))
