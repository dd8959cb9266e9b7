"""The Chat tab: talk to results, and what else is done with those that are there."""

from collections.abc import Callable

import gradio as gr

from workbench.ui import text_chat
from workbench.ui.chat import blend, check, share, talk
from workbench.ui.page import Page

PARTS: dict[str, Callable[[Page], None]] = {
    "talk": talk.build,
    "blend": blend.build,
    "check": check.build,
    "share": share.build,
}
"""A part: its id, whose visible name stands in `text_chat.PARTS`, and what builds it."""


def build(page: Page) -> None:
    with gr.Tabs(elem_id="chat-parts") as parts:
        for name, build_part in PARTS.items():
            with gr.Tab(text_chat.PARTS[name], id=name, elem_id=f"part-{name}"):
                build_part(page)
    page.open_chat.listen(lambda _: gr.Tabs(selected="talk"), parts)
