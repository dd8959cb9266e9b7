"""The Help tab: one page on tuning, the words it uses, what fits into this machine, what it has, and every setting."""

import html

import gradio as gr

from workbench.config.docs import allowed
from workbench.config.fields import Leaf
from workbench.ui import text, this_machine, what_fits
from workbench.ui.form import LEAVES
from workbench.ui.page import Page
from workbench.ui.quantities import setting_value


def build(page: Page) -> None:
    with gr.Column(elem_id="help"):
        gr.Markdown(text.GUIDE)
        gr.HTML(f"<h3>{text.WORDS}</h3>{glossary()}", elem_classes="reading")
        what_fits.build(page)
        this_machine.build(page)
        gr.HTML(f"<h3>{text.ALL_SETTINGS}</h3>{settings_table()}", elem_id="settings-table")


def glossary() -> str:
    """The words, in alphabetical order, as a list of definitions."""
    words = sorted(text.GLOSSARY.items(), key=lambda word: word[0].lower())
    return "<dl>" + "".join(f"<dt>{word}</dt><dd>{meaning}</dd>" for word, meaning in words) + "</dl>"


def settings_table() -> str:
    """Every setting as it is declared, so that the page cannot say otherwise."""
    head = "".join(f"<th>{name}</th>" for name in text.SETTINGS_COLUMNS)
    rows = "".join(f"<tr>{_cells(leaf)}</tr>" for leaf in LEAVES.values())
    return f'<div class="scroll"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'


def _cells(leaf: Leaf) -> str:
    name = f"<td>{html.escape(leaf.spec.label)}<small><code>--{leaf.path}</code></small></td>"
    facts = (setting_value(leaf.default), allowed(leaf), leaf.spec.help)
    return name + "".join(f"<td>{html.escape(fact)}</td>" for fact in facts)
