"""“Not what you wanted?” on a run's result: advice for each complaint."""

from pathlib import Path
from typing import Any

from workbench.errors import RunError, WorkbenchError
from workbench.monitoring.advice import COMPLAINTS, Advice, advise
from workbench.monitoring.evidence import gather
from workbench.runs.run_dir import RunDir
from workbench.ui import text_result


def advise_on(root: Path, arg: Any) -> dict[str, Any]:
    """The advice on a run for the page; `problem` says why not. Anyone can ask, so `arg` may be anything."""
    try:
        seen = gather(open_ended(root, arg))
    except WorkbenchError as error:
        return {"problem": str(error)}
    return {
        "advice": [
            {
                "complaint": complaint,
                "label": text_result.COMPLAINTS[complaint],
                "cause": advice.cause,
                "change": advice.change,
                "rows": advice.rows,
            }
            for complaint in COMPLAINTS
            for advice in [advise(complaint, seen)]
        ]
    }


def find_advice(run: RunDir, complaint: object) -> Advice:
    """The advice on one complaint. Raises RunError for what is none."""
    known = next((one for one in COMPLAINTS if one == complaint), None)
    if known is None:
        raise RunError(text_result.NO_COMPLAINT, text_result.RELOAD)
    return advise(known, gather(run))


def open_ended(root: Path, run_id: Any) -> RunDir:
    """A run that was trained here and left a result, whatever the browser sent. Raises RunError for what is none."""
    run = RunDir.open(root, run_id if isinstance(run_id, str) else "")
    if not run.has_adapter():
        raise RunError(text_result.NO_RESULT.format(run.name), text_result.WAIT_FOR_RESULT)
    if run.origin() != "trained":
        raise RunError(text_result.NOT_TRAINED.format(run.name), text_result.TRAIN_IT_FURTHER)
    return run
