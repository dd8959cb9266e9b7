"""Runs that were deleted: kept for a week, so that a deletion can be taken back."""

import shutil
import time
from pathlib import Path

from workbench.config.names import check_id
from workbench.errors import RunError
from workbench.jobs.folder import LIVE
from workbench.runs.run_dir import RunDir

_KEPT_SECONDS = 7 * 24 * 3600
_ENDING_SECONDS = 10.0


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


def _trash(root: Path) -> Path:
    return root / "runs" / ".trash"


def _purge(root: Path) -> None:
    """Give the room of what was deleted long ago back."""
    for place in _trash(root).glob("*"):
        if time.time_ns() - int(place.name) > _KEPT_SECONDS * 10**9:
            shutil.rmtree(place)
