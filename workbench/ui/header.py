"""The line at the top: what runs, and what is free. The browser asks for it every few seconds."""

from pathlib import Path
from typing import Any

import gradio as gr

from workbench.hardware.devices import free_memory_bytes, machine
from workbench.runs.listing import live_run
from workbench.ui import text
from workbench.ui.quantities import gigabytes

_SCRIPT = """
const line = element.querySelector(".machine");
async function refresh() {
  if (!element.isConnected) { clearInterval(timer); return; }
  if (document.hidden) return;
  try { line.textContent = await server.machine_line({}); }
  catch (error) { line.textContent = line.dataset.offline; }
}
const timer = setInterval(refresh, 4000);
refresh();
"""


def build(root: Path) -> None:
    """The title and the line beside it."""

    def machine_line(_: Any) -> str:
        return describe(root)

    line = f'<span class="machine" role="status" data-offline="{text.OFFLINE}">…</span>'
    template = f'<header class="top"><h1>{text.TITLE}</h1>{line}</header>'
    gr.HTML("", html_template=template, js_on_load=_SCRIPT, server_functions=[machine_line], elem_id="header")


def describe(root: Path) -> str:
    """ "nothing running · 21.4 GB free · CPU, 2 cores"."""
    here, run = machine(), live_run(root)
    doing = _doing(run.name, run.status().step, run.status().steps) if run else text.NOTHING_RUNNING
    cores = f"{here.cores} core{'s' if here.cores > 1 else ''}"
    return f"{doing} · {gigabytes(free_memory_bytes() / 1e9)} GB free · {here.gpu or 'CPU'}, {cores}"


def _doing(name: str, step: int, steps: int) -> str:
    return f"{name}: {100 * step // steps} %" if steps else f"{name}: preparing"
