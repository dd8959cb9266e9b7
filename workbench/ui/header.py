"""The title, and the line beside it, which the browser asks for every few seconds."""

import gradio as gr

from workbench.ui import text
from workbench.ui.polls import MACHINE_URL

_SCRIPT = f"""
const line = element.querySelector(".machine");
async function refresh() {{
  if (!element.isConnected) return;
  let seconds = 4;
  if (!document.hidden) {{
    const answer = await fetch("{MACHINE_URL}").then((answer) => answer.json()).catch(() => null);
    line.textContent = answer ? answer.line : line.dataset.offline;
    if (answer) seconds = answer.poll_seconds;
  }}
  setTimeout(refresh, 1000 * seconds);
}}
refresh();
"""


def build() -> None:
    line = f'<span class="machine" role="status" data-offline="{text.OFFLINE}">…</span>'
    template = f'<header class="top"><h1>{text.TITLE}</h1>{line}</header>'
    gr.HTML("", html_template=template, js_on_load=_SCRIPT, elem_id="header")
