"""Runs that were deleted: kept for a week, so that a deletion can be taken back."""

import time
from pathlib import Path

from workbench.config.names import check_id
from workbench.errors import RunError
from workbench.jobs.folder import LIVE, JobFolder
from workbench.runs.disk import destroy, half_destroyed
from workbench.runs.emptied import KEPT_SECONDS, all_deleted_checkpoints
from workbench.runs.run_dir import RunDir

_ENDING_SECONDS = 10.0
_AREAS = ("data", "conversations")
"""Other folders of the workspace with a trash of their own."""


def delete(run: RunDir) -> None:
    """Take a run off the list, with all that it made. Raises RunError for one that works or waits for its turn."""
    phase = run.status().phase
    if phase in (*LIVE, "queued"):
        raise RunError(f"{run.name} is {'waiting' if phase == 'queued' else phase}.", "Stop it first, then delete it.")
    if run.waits_for_room():
        run.ask_to("pause")
    run.wait_for_processes(_ENDING_SECONDS)
    if run.is_alive():
        raise RunError(f"{run.name} is still writing its last files.", "Try again in a minute.")
    _end_tracking(run)
    _purge(run.root)
    place = _trash(run.root) / str(time.time_ns())
    place.mkdir(parents=True)
    run.path.rename(place / run.id)


def undelete(root: Path, run_id: str) -> RunDir:
    """Bring the run with this id back that was deleted last. Raises RunError if that cannot be."""
    check_id(run_id, "run")
    deleted = sorted(_trash(root).glob(f"*/{run_id}"), key=lambda path: int(path.parent.name))
    if not deleted:
        raise RunError(f"The run {run_id} cannot be brought back.", "Deleted runs are kept for a week.")
    target = root / "runs" / run_id
    if target.exists():
        raise RunError(f"There is a new run {run_id} by now.", "Delete that one first.")
    deleted[-1].rename(target)
    deleted[-1].parent.rmdir()
    return RunDir(target)


def places(root: Path) -> list[Path]:
    """Every folder of the trash: deleted runs, checkpoints, sets and conversations, and what a crash left of them."""
    left = [folder for area in (*_AREAS, "runs", "cache") for folder in half_destroyed(root / area)]
    others = [place for area in _AREAS for place in (root / area / ".trash").glob("*")]
    return [*_trash(root).glob("*"), *all_deleted_checkpoints(root), *others, *left]


def empty(root: Path) -> None:
    """Delete for good what is in the trash."""
    for place in places(root):
        destroy(place, root / place.relative_to(root).parts[0])


def _end_tracking(run: RunDir) -> None:
    """Trackers that follow the run write into its folder."""
    jobs = [JobFolder(path) for path in run.path.glob("tracking/*") if path.is_dir()]
    for job in jobs:
        job.request_stop()
    for job in jobs:
        job.wait_for_processes(_ENDING_SECONDS)


def _trash(root: Path) -> Path:
    return root / "runs" / ".trash"


def _purge(root: Path) -> None:
    """Give the room of what was deleted long ago back."""
    for place in _trash(root).glob("*"):
        if time.time_ns() - int(place.name) > KEPT_SECONDS * 10**9:
            destroy(place, root / "runs")
