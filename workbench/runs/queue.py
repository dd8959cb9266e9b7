"""The runs that wait for the one training slot, in their order."""

from pathlib import Path

from workbench.errors import RunError
from workbench.jobs.queue import Line, Lock, Place
from workbench.runs.run_dir import RunDir

_LEAVING_SECONDS = 5.0


def slot_path(root: Path) -> Path:
    """The lock of this workspace's one training slot."""
    return root / "training.lock"


def is_training(root: Path) -> bool:
    """Whether a run has the slot."""
    slot = Lock(slot_path(root))
    try:
        return not slot.take()
    finally:
        slot.close()


def waiting(root: Path) -> list[RunDir]:
    """The runs that wait, the next one first."""
    return [RunDir(job.path) for job in _line(root).waiting()]


def move(run: RunDir, to: Place) -> None:
    """Change a run's place among those that wait. Raises RunError for one that does not wait any more."""
    if not _line(run.root).move(run, to):
        raise _not_waiting(run)


def leave(run: RunDir) -> None:
    """Take a run out of the line; it can be resumed. Raises RunError for one that does not wait any more."""
    if not _line(run.root).leave(run):
        raise _not_waiting(run)
    run.wait_for_processes(_LEAVING_SECONDS)


def _line(root: Path) -> Line:
    return Line(root / "runs", slot_path(root))


def _not_waiting(run: RunDir) -> RunError:
    return RunError(
        f"{run.name} is not waiting any more, it is {run.status().phase}.",
        "Only a run that waits can be moved or taken out.",
    )
