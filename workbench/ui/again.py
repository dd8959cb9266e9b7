"""“Start again with less memory” on a run that ran out of it."""

from pathlib import Path
from typing import Any

from workbench.data.preparing.steps import Waiting
from workbench.errors import RunError, WorkbenchError
from workbench.runs.run_dir import RunDir
from workbench.training.again import find_lighter
from workbench.ui import text_result
from workbench.ui.quantities import memory_amount
from workbench.ui.text_plan import NOTHING_SAVES, THEN_TAKES, VERDICTS

_PATIENCE_SECONDS = 2.0


def offer_less(root: Path, arg: Any) -> dict[str, Any]:
    """What a run could be started again with; `waiting` while its data is read.

    Anyone can ask, so `arg` may be anything.
    """
    try:
        found = find_lighter(open_short(root, arg), _PATIENCE_SECONDS)
    except WorkbenchError as error:
        return {"problem": str(error)}
    if isinstance(found, Waiting):
        return {"waiting": found.message}
    savings = [
        {
            "settings": saving.settings,
            "sentence": saving.sentence,
            "then": THEN_TAKES.format(amount=memory_amount(saving.ram_gb), words=VERDICTS[saving.verdict][1]),
        }
        for saving in found
    ]
    return {"savings": savings} if savings else {"problem": NOTHING_SAVES}


def open_short(root: Path, run_id: Any) -> RunDir:
    """A run that ran out of memory, whatever the browser sent. Raises RunError for what is none."""
    run = RunDir.open(root, run_id if isinstance(run_id, str) else "")
    if not run.ran_out_of_memory():
        raise RunError(text_result.NOT_SHORT.format(run.name), text_result.RELOAD)
    return run
