"""A real small disk runs full under a run, which pauses and goes on when there is room."""

import hashlib
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.training.in_process import create, losses, train
from workbench.config.run_config import RunConfig
from workbench.runs.run_dir import RunDir
from workbench.training import launch
from workbench.training.checkpoints import damage

_DISK_BYTES = 24 * 1024**2
_BESIDE_CHECKPOINTS = 600 * 1024
"""The reserve, the metrics, the log and the run's own small files."""


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={_DISK_BYTES}", "none", str(folder)]
    if subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("a disk cannot be mounted here")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def digest(run: RunDir) -> str:
    return hashlib.sha256((run.adapter_dir / "adapter_model.safetensors").read_bytes()).hexdigest()


@pytest.mark.slow
def test_a_full_disk_pauses_the_run_and_it_goes_on(config: RunConfig, root: Path, small_disk: Path) -> None:
    config = config.changed("training.save_every", 1).changed("training.keep_checkpoints", 100)
    whole = train(create(config, root, "whole"))
    checkpoint = sum(path.stat().st_size for path in (whole.checkpoints_dir / "step-12").iterdir())
    run = create(config, small_disk, "run")
    filler = small_disk / "filler"
    filler.write_bytes(bytes(shutil.disk_usage(small_disk).free - _BESIDE_CHECKPOINTS - 4 * checkpoint))
    launch.resume(run)
    status = run.wait()
    assert (status.phase, status.message) == ("paused", "The disk is full, so the run was paused."), run.log_tail()
    assert status.hint and not run.has_adapter()
    kept = list(run.checkpoints_dir.iterdir())
    assert 0 < len(kept) < status.steps
    assert not any(damage(folder) for folder in kept)
    filler.unlink()
    launch.resume(run)
    assert run.wait().phase == "finished"
    assert (digest(run), losses(run)) == (digest(whole), losses(whole))
    assert not (run.path / ".reserve").exists()
