"""A real small disk runs full under a run, which waits and goes on by itself when there is room."""

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.training.in_process import create, losses, train
from workbench.config.run_config import RunConfig
from workbench.errors import SettingError, WorkbenchError
from workbench.jobs.room import free_bytes
from workbench.runs.root import prepare
from workbench.runs.run_dir import RunDir
from workbench.training import launch, plan
from workbench.training.checkpoints import Checkpoints, damage
from workbench.training.checks import find_problems
from workbench.training.room import NextCheckpoint

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


def until_waiting(run: RunDir) -> None:
    while not (run.waits_for_room() and run.exit()):
        assert run.is_alive(), (run.status(), run.log_tail())


def digest(run: RunDir) -> str:
    return hashlib.sha256((run.adapter_dir / "adapter_model.safetensors").read_bytes()).hexdigest()


@pytest.mark.slow
def test_a_run_waits_for_room_and_goes_on_by_itself(config: RunConfig, root: Path, small_disk: Path) -> None:
    config = config.changed("training.save_every", 1).changed("training.keep_checkpoints", 100)
    run, filler = create(config, small_disk, "run"), small_disk / "filler"
    room = _BESIDE_CHECKPOINTS + 5 * plan.make(config, root).saved.checkpoint_bytes
    filler.write_bytes(bytes(shutil.disk_usage(small_disk).free - room))
    launch.resume(run)
    until_waiting(run)
    status = run.status()
    assert status.message.startswith("The disk is full: ") and "MB are needed" in status.message
    kept = [run.checkpoints_dir / f"step-{step}" for step in range(1, status.step + 1)]
    assert 0 < len(kept) < status.steps
    assert not any(damage(folder) for folder in kept)
    assert not run.processes()["worker"].is_alive() and not run.has_adapter()
    filler.unlink()
    assert run.wait().phase == "finished", (run.status(), run.log_tail(10))
    whole = train(create(config, root, "whole"))
    assert (digest(run), losses(run)) == (digest(whole), losses(whole))
    assert not list(run.path.glob(".*"))


_HOLDING = """
import sys, pathlib
from workbench.jobs.room import Reserve
reserve = Reserve(pathlib.Path(sys.argv[1]))
reserve.hold(5_000_000)
print("held", flush=True)
input()
"""


def test_what_is_held_is_free_again_when_its_process_is_killed(small_disk: Path) -> None:
    free = free_bytes(small_disk)
    argv = [sys.executable, "-c", _HOLDING, str(small_disk)]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout and holder.stdout.readline() == b"held\n"
        assert free - free_bytes(small_disk) >= 5_000_000
        assert not list(small_disk.iterdir())
        holder.kill()
    assert free_bytes(small_disk) == free


def test_another_program_that_fills_the_disk_cannot_make_the_next_save_fail(small_disk: Path) -> None:
    run, filler = small_disk / "run", small_disk / "filler"
    (run / "checkpoints").mkdir(parents=True)
    room = NextCheckpoint(run)
    checkpoints = Checkpoints(run / "checkpoints", keep=9, beside={}, room=room)
    room.expect(2_500_000)
    for step in (1, 2):
        checkpoints.hold_room()
        with pytest.raises(OSError, match="No space left"):
            filler.write_bytes(bytes(_DISK_BYTES))
        saved = checkpoints.save(step, lambda folder: (folder / "weights").write_bytes(bytes(2_000_000)))
        assert damage(saved) is None
        with pytest.raises(OSError, match="No space left"):
            checkpoints.hold_room()
        filler.unlink()


def test_a_start_without_room_for_its_checkpoints_is_refused(config: RunConfig, small_disk: Path) -> None:
    config = config.changed("training.save_every", 1).changed("training.keep_checkpoints", 100)
    planned = plan.make(config, small_disk)
    assert not any(problem.setting == "training.keep_checkpoints" for problem in find_problems(planned))
    (small_disk / "filler").write_bytes(bytes(shutil.disk_usage(small_disk).free - 1_500_000))
    with pytest.raises(SettingError, match=r"no room for the checkpoints: \d+ MB are needed, 1 MB are free\. Make"):
        launch.start(planned, "run")
    assert not (small_disk / "runs").exists()


def test_a_full_disk_is_told_at_the_start(small_disk: Path) -> None:
    filler = small_disk / "filler"
    with pytest.raises(OSError, match="No space left"):
        filler.write_bytes(bytes(_DISK_BYTES + 1))
    with pytest.raises(WorkbenchError, match=r"No space left on device\. Make room first\."):
        prepare(small_disk)
    assert list(small_disk.iterdir()) == [filler]
