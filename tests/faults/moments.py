"""The moments of a run: its file operations, counted over all of it or within its saves."""

from tests.faults.forked import DONE, copy, resume
from tests.faults.operations import OnOperation, note_in, watched
from workbench.runs.run_dir import RunDir
from workbench.training import worker
from workbench.training.checkpoints import Checkpoints


def at_any(on_operation: OnOperation) -> None:
    """Watch the whole attempt, in its own process: loading, record, status, checks, saves and adapter."""
    worker._train = watched(worker._train, on_operation)


def in_saves(on_operation: OnOperation) -> None:
    """Watch only the saving of checkpoints."""
    Checkpoints.save = watched(Checkpoints.save, on_operation)


def count_of(blank: RunDir) -> int:
    """How many file operations a run does from its start to its end; a slower one does a few more."""
    run = copy(blank, "counted")
    assert resume(run, _count) == DONE, run.log_tail()
    return int((run.path / "operations").read_text())


def _count(run: RunDir) -> None:
    at_any(note_in(run.path / "operations"))
