"""The chosen run in other programs: which of them are here, what was sent to them, and how to look at it.

Anyone can call these functions, so an argument may be anything: they answer with a problem instead of failing.
"""

from pathlib import Path
from typing import Any

import gradio as gr

from workbench.errors import RunError, WorkbenchError
from workbench.jobs.folder import ENDED
from workbench.monitoring.trackers import launch
from workbench.monitoring.trackers.launch import Sending
from workbench.monitoring.trackers.table import TRACKERS
from workbench.runs.run_dir import RunDir
from workbench.ui import text_runs as text
from workbench.ui.downloads import ASSETS, ASSETS_URL

_START = f"""
import(location.origin + "{ASSETS_URL}/runs/tracking.js").then((part) => part.start(element, {{server, props, watch}}));
"""


def build(root: Path) -> gr.HTML:
    """The component. Its value is the id of the run."""

    def tracking(arg: Any) -> dict[str, Any]:
        return describe(root, arg)

    def send_run(arg: Any) -> dict[str, Any]:
        return send(root, arg)

    return gr.HTML(
        "",
        html_template=(ASSETS / "runs" / "tracking.html").read_text(encoding="utf-8"),
        js_on_load=_START,
        server_functions=[tracking, send_run],
        head=f'<link rel="stylesheet" href="{ASSETS_URL}/runs/tracking.css">',
        apply_default_css=False,
        elem_id="run-tracking",
    )


def describe(root: Path, arg: Any) -> dict[str, Any]:
    """What the page shows of the run with this id."""
    try:
        run = RunDir.open(root, arg if isinstance(arg, str) else "")
    except WorkbenchError as error:
        return {"problem": str(error)}
    sent = launch.sendings(run)
    return {
        "offered": [{"name": entry.name, "label": entry.label} for entry in TRACKERS.values() if entry.is_installed()],
        "none": {"words": text.NO_TRACKER, "command": next(iter(TRACKERS.values())).install_command},
        "sent": [_tell(root, sending) for sending in sent],
        "busy": any(sending.status.phase not in ENDED for sending in sent),
    }


def send(root: Path, arg: Any) -> dict[str, Any]:
    """Send a run `run` to the tracker `to`, and tell what `describe` tells."""
    asked = arg if isinstance(arg, dict) else {}
    run_id, name = asked.get("run"), asked.get("to")
    try:
        if not isinstance(run_id, str) or not isinstance(name, str):
            raise RunError(text.NO_QUESTION, text.RELOAD)
        launch.start(RunDir.open(root, run_id), name)
    except WorkbenchError as error:
        return describe(root, run_id) | {"problem": str(error)}
    return describe(root, run_id)


def _tell(root: Path, sending: Sending) -> dict[str, Any]:
    entry, status = sending.entry, sending.status
    words = f"{status.message} {status.hint}".strip()
    if status.phase not in ENDED:
        words = text.TRACKED.format(entry.label, status.step, status.steps)
    if entry.is_online():
        return {"words": words, "look": "", "where": text.ELSEWHERE.format(" or ".join(entry.online_by))}
    return {"words": words, "look": entry.look_command(root), "where": ""}
