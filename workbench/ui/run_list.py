"""The list of runs: a table that the browser keeps fresh, whose rows are chosen by mouse or keyboard."""

import html
import time
from pathlib import Path
from typing import Any

import gradio as gr

from workbench.runs.listing import RunSummary, list_runs
from workbench.ui import text
from workbench.ui.downloads import ASSETS
from workbench.ui.quantities import age


def build(root: Path) -> gr.HTML:
    """The component. `component.select(handler)` listens to a row being chosen; its event holds `run`."""

    def rows(_: Any) -> str:
        return render(root)

    return gr.HTML(
        "",
        html_template='<div class="run-list"></div>',
        js_on_load=(ASSETS / "run_list.js").read_text(encoding="utf-8"),
        server_functions=[rows],
        elem_id="run-list",
    )


def render(root: Path) -> str:
    """Newest first; everything a run holds is the user's text, so all of it is escaped."""
    runs = list_runs(root)
    if not runs:
        return f'<p class="empty">{text.NO_RUNS}</p>'
    head = "".join(f'<th scope="col">{name}</th>' for name in text.RUN_COLUMNS)
    body = "".join(_row(run) for run in runs)
    return f'<div class="scroll"><table class="runs"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def _row(run: RunSummary) -> str:
    name = f'<button type="button" aria-pressed="false">{html.escape(run.name)}</button>'
    phase = f'<span class="phase {run.phase}">{text.PHASES[run.phase]}</span>'
    updates = f"{run.step:,} of {run.steps:,}" if run.steps else "–"
    loss = f"{run.loss:.2f}" if run.loss is not None else "–"
    facts = (phase, html.escape(Path(run.model).name), html.escape(run.data), updates, loss)
    cells = "".join(f"<td>{cell}</td>" for cell in (*facts, age(time.time() - run.created)))
    return f'<tr data-run="{html.escape(run.id)}"><td>{name}</td>{cells}</tr>'
