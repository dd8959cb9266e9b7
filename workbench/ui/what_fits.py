"""Which well-known sizes of models fit into this machine, worked out at each visit: memory comes and goes."""

import gradio as gr

from workbench.training import rules
from workbench.training.sizes import LENGTH_TOKENS, READ_TOKENS, Memory, weigh_all
from workbench.ui import text
from workbench.ui import text_machine as words
from workbench.ui.downloads import ASSETS_URL
from workbench.ui.notices import shown
from workbench.ui.page import AT_ONCE, Page
from workbench.ui.sizes_plot import draw
from workbench.ui.sizes_table import rules_table, sizes_table, summary

_SHEET = f'<link rel="stylesheet" href="{ASSETS_URL}/sizes.css">'


def build(page: Page) -> None:
    """A heading, and below it what is filled in at a visit."""
    help_words = words.WHAT_FITS_HELP.format(LENGTH_TOKENS, READ_TOKENS)
    with gr.Column(elem_id="what-fits"):
        gr.HTML(f"<h3>{words.WHAT_FITS}</h3><p>{help_words}</p>", elem_classes="reading", head=_SHEET)
        view = gr.HTML("", elem_id="sizes")

    @shown
    def on_visit(event: gr.SelectData) -> object:
        return describe(Memory.now()) if event.value == text.TABS["help"] else gr.skip()

    page.tabs.select(on_visit, None, view, **AT_ONCE)


def describe(memory: Memory) -> str:
    """Everything as HTML."""
    rows = weigh_all(memory)
    return f"{summary(rows, memory)}{draw(rows, memory)}{sizes_table(rows)}{rules_table(rules.rules(memory))}"
