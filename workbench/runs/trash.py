"""Runs that were deleted: kept for a week, so that a deletion can be taken back."""

from pathlib import Path

from workbench.config.names import check_id
from workbench.errors import RunError
from workbench.jobs.folder import LIVE, JobFolder
from workbench.jobs.trash import Trash, destroy, half_destroyed
from workbench.runs.emptied import all_deleted_checkpoints
from workbench.runs.run_dir import RunDir

_ENDING_SECONDS = 10.0
_AREAS = ("runs", "data", "conversations", "exported")
"""Folders of the workspace with a trash of their own."""


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
    _trash(run.root).take(run.path)


def undelete(root: Path, run_id: str) -> RunDir:
    """Bring the run with this id back that was deleted last. Raises RunError if that cannot be."""
    check_id(run_id, "run")
    trash, target = _trash(root), root / "runs" / run_id
    if not trash.holds(run_id):
        raise RunError(f"The run {run_id} cannot be brought back.", "Deleted runs are kept for a week.")
    if target.exists():
        raise RunError(f"There is a new run {run_id} by now.", "Delete that one first.")
    trash.give_back(run_id)
    return RunDir(target)


def places(root: Path) -> list[Path]:
    """Every folder of the trash: deleted runs, checkpoints, sets and conversations, and what a crash left of them."""
    left = [folder for area in (*_AREAS, "cache") for folder in half_destroyed(root / area)]
    deleted = [place for area in _AREAS for place in Trash(root / area).places()]
    return [*deleted, *all_deleted_checkpoints(root), *left]


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


def _trash(root: Path) -> Trash:
    return Trash(root / "runs")
