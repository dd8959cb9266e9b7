"""What is deleted of a run can be taken back, or is said to be gone for good."""

import time
from pathlib import Path

import pytest

from tests.recorded_run import RecordedRun
from workbench.errors import RunError, WorkbenchError
from workbench.jobs.folder import JobFolder
from workbench.jobs.process import ProcessId
from workbench.runs import disk, emptied, trash
from workbench.runs.listing import list_runs
from workbench.runs.run_dir import RunDir

WEEK_SECONDS = 7 * 24 * 3600


def ended(root: Path, name: str = "pirate-1") -> RunDir:
    """A run whose processes are gone."""
    run = RecordedRun(root, name).train(1, 3).finish("stopped", 3).dir
    gone = ProcessId.current().to_json() | {"pid": 2**22 + 1}
    run.write_process(time.time(), worker=ProcessId.from_json(gone))
    checkpoint = run.checkpoints_dir / "step-3"
    checkpoint.mkdir()
    (checkpoint / "adapter.safetensors").write_bytes(b"x" * 1000)
    return run


def test_a_deleted_run_comes_back_as_it_was(root: Path) -> None:
    run = ended(root)
    before = disk.used_bytes(run.path)
    trash.delete(run)
    assert list_runs(root) == []
    with pytest.raises(WorkbenchError):
        RunDir.open(root, run.id)
    assert trash.undelete(root, run.id).path == run.path
    assert disk.used_bytes(run.path) == before
    assert [summary.id for summary in list_runs(root)] == ["pirate-1"]


def test_the_last_of_two_deleted_runs_of_one_name_comes_back(root: Path) -> None:
    for note in ("first", "second"):
        run = ended(root)
        run.update_about(note=note)
        trash.delete(run)
    assert trash.undelete(root, "pirate-1").about()["note"] == "second"
    with pytest.raises(RunError, match="There is a new run pirate-1 by now"):
        trash.undelete(root, "pirate-1")


@pytest.mark.parametrize("phase", ["preparing", "training", "saving"])
def test_a_run_that_works_is_not_deleted(root: Path, phase: str) -> None:
    run = RecordedRun(root).train(1, 3).phase(phase, 3).dir
    with pytest.raises(RunError, match=f"is {phase}") as refused:
        trash.delete(run)
    assert refused.value.hint == "Stop it first, then delete it."
    assert run.path.exists()


@pytest.mark.parametrize("run_id", ["nothing", "../x", "", ".trash"])
def test_what_was_never_deleted_does_not_come_back(root: Path, run_id: str) -> None:
    with pytest.raises(WorkbenchError):
        trash.undelete(root, run_id)


def test_a_later_deletion_gives_the_room_of_an_old_one_back(root: Path) -> None:
    trash.delete(ended(root, "old"))
    (place,) = (root / "runs" / ".trash").iterdir()
    place.rename(place.with_name(str(time.time_ns() - (WEEK_SECONDS + 60) * 10**9)))
    trash.delete(ended(root, "new"))
    assert [path.name for path in (root / "runs" / ".trash").glob("*/*")] == ["new"]


def test_deleted_checkpoints_leave_the_adapter_and_come_back(root: Path) -> None:
    run = ended(root)
    assert disk.has_checkpoints(run)
    assert emptied.delete_checkpoints(run) == 1000
    assert run.has_adapter()
    assert disk.was_emptied(run)
    assert "are in the trash" in emptied.cannot_resume(run).message
    emptied.undelete_checkpoints(run)
    assert (run.checkpoints_dir / "step-3" / "adapter.safetensors").stat().st_size == 1000
    with pytest.raises(RunError, match="has no deleted checkpoints"):
        emptied.undelete_checkpoints(run)


def test_checkpoints_and_then_their_run_come_back(root: Path) -> None:
    run = ended(root)
    before = {path.relative_to(run.path) for path in run.path.rglob("*")}
    emptied.delete_checkpoints(run)
    trash.delete(run)
    emptied.undelete_checkpoints(trash.undelete(root, run.id))
    assert {path.relative_to(run.path) for path in run.path.rglob("*")} - before <= {Path("lock")}


def test_checkpoints_that_were_deleted_long_ago_are_gone(root: Path) -> None:
    old, new = ended(root, "old"), ended(root, "new")
    emptied.delete_checkpoints(old)
    (kept,) = emptied.deleted_checkpoints(old)
    kept.rename(kept.with_name(f".checkpoints-{time.time_ns() - (WEEK_SECONDS + 60) * 10**9}"))
    emptied.delete_checkpoints(new)
    assert emptied.deleted_checkpoints(old) == []
    assert "were deleted" in emptied.cannot_resume(old).message
    assert len(emptied.deleted_checkpoints(new)) == 1


def test_a_run_that_works_keeps_its_checkpoints(root: Path) -> None:
    run = RecordedRun(root).train(1, 3).dir
    with pytest.raises(RunError, match="has not ended"):
        emptied.delete_checkpoints(run)
    assert run.checkpoints_dir.exists()


def test_a_run_is_deleted_together_with_what_follows_it(root: Path) -> None:
    run = ended(root)
    job = JobFolder(run.path / "tracking" / "tensorboard")
    job.path.mkdir(parents=True)
    trash.delete(run)
    assert JobFolder(next((root / "runs" / ".trash").glob("*/pirate-1/tracking/*"))).requested() == "stop"
