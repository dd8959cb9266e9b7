"""A run that ran out of memory, planned again: with what it could be started so that it takes less. No torch."""

from workbench.data.preparing.steps import Waiting
from workbench.runs.run_dir import RunDir
from workbench.training import plan
from workbench.training.savings import Saving, find_savings

_MOST = 5


def find_lighter(run: RunDir, patience_seconds: float) -> list[Saving] | Waiting:
    """The changes that cost least, those that make it fit first; or how far the reading of its data is.

    Raises DataError or ModelError where its data or its model is gone.
    """
    found = plan.look(run.asked(), run.root, patience_seconds)
    return found if isinstance(found, Waiting) else find_savings(found)[:_MOST]
