"""“Not what you wanted?” on a run's result: advice for each complaint, and the way to a new run with one change."""

import json
from pathlib import Path
from typing import Any

import gradio as gr

from workbench.config.build import build
from workbench.config.run_config import RunConfig
from workbench.errors import RunError, WorkbenchError
from workbench.monitoring.advice import COMPLAINTS, Advice, advise
from workbench.monitoring.evidence import gather
from workbench.runs.run_dir import RunDir
from workbench.ui import text_result
from workbench.ui.notices import shown
from workbench.ui.page import QUIET, Page


def advise_on(root: Path, arg: Any) -> dict[str, Any]:
    """The advice on a run for the page; `problem` says why not. Anyone can ask, so `arg` may be anything."""
    try:
        seen = gather(_ended(root, arg))
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


def connect(view: Any, page: Page) -> None:
    """Let the advice in a live view put its one change, with the run's other settings, into the form."""

    @shown
    def on_try(event: gr.EventData) -> str:
        run = _ended(page.root, event.run)
        return page.use_settings.send(with_change(run, find_advice(run, event.complaint)))

    view.try_change(on_try, None, page.use_settings.output, **QUIET)


def find_advice(run: RunDir, complaint: object) -> Advice:
    """The advice on one complaint. Raises RunError for what is none."""
    known = next((one for one in COMPLAINTS if one == complaint), None)
    if known is None:
        raise RunError(text_result.NO_COMPLAINT, text_result.RELOAD)
    return advise(known, gather(run))


def with_change(run: RunDir, advice: Advice) -> str:
    """What `use_settings` carries: the run, and the setting that is to differ. Raises RunError if none is."""
    if not advice.setting:
        raise RunError(text_result.NO_CHANGE, text_result.EDIT_DATA)
    return f"{run.id} {json.dumps({'change': advice.change, 'settings': {advice.setting: advice.new}})}"


def read_change(root: Path, sent: str) -> tuple[RunConfig, RunConfig, str]:
    """The settings of the run named first in `sent`, the same with what follows it changed, and a note on that."""
    run_id, _, rest = sent.partition(" ")
    run = RunDir.open(root, run_id)
    asked, changed = run.asked(), json.loads(rest) if rest else {}
    note = text_result.CHANGED_SINCE.format(run=run.name, change=changed["change"]) if changed else ""
    return asked, build(changed.get("settings", {}), asked), note


def _ended(root: Path, run_id: Any) -> RunDir:
    run = RunDir.open(root, run_id if isinstance(run_id, str) else "")
    if not run.has_adapter():
        raise RunError(text_result.NO_RESULT.format(run.name), text_result.WAIT_FOR_RESULT)
    return run
