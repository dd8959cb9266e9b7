"""The page as a whole: its tabs, and how it is mounted into the server."""

from collections.abc import Callable
from pathlib import Path

import gradio as gr
from fastapi import FastAPI
from starlette.types import ASGIApp

from workbench.chat.client import ChatClient
from workbench.ui import header, text, theme
from workbench.ui.chat import stream
from workbench.ui.downloads import ASSETS, add_routes
from workbench.ui.first_scripts import FirstScripts
from workbench.ui.page import Page, Signal
from workbench.ui.plan import following
from workbench.ui.tabs import chat, data, export, help, runs, train

TABS: dict[str, Callable[[Page], None]] = {
    "train": train.build,
    "data": data.build,
    "runs": runs.build,
    "chat": chat.build,
    "export": export.build,
    "help": help.build,
}
"""A tab: its id, whose visible name stands in `text.TABS`, and what builds it."""

_STORAGE_KEY, _BEFORE_KEY = "lora-workbench-form-1", "lora-workbench-before-1"
# What the browser keeps is a form, no secret; a fixed key lets it outlive a restart.
_STORAGE_SECRET = "lora-workbench"
_MOST_UPLOAD = "2gb"
_QUEUE_SECONDS = 0.02


def mount(app: FastAPI, root: Path, talking: ChatClient) -> ASGIApp:
    """Put the page at "/" of the server, behind our own addresses."""
    add_routes(app, root)
    stream.add_routes(app, root, talking)
    following.add_routes(app, root, talking)
    mounted = gr.mount_gradio_app(
        app,
        build(root, talking),
        path="/",
        theme=theme.make(),
        css_paths=[ASSETS / "page.css", ASSETS / "plan.css", ASSETS / "chat.css"],
        footer_links=[],
        run_history=False,
        ssr_mode=False,
        max_file_size=_MOST_UPLOAD,
        show_error=False,
    )
    return FirstScripts(mounted)


def build(root: Path, talking: ChatClient) -> gr.Blocks:
    """The page of one workspace; several can be built side by side."""
    with gr.Blocks(title=text.TITLE, fill_width=True, analytics_enabled=False) as blocks:
        header.build()
        saved = gr.BrowserState({"settings": {}}, storage_key=_STORAGE_KEY, secret=_STORAGE_SECRET)
        before = gr.BrowserState(None, storage_key=_BEFORE_KEY, secret=_STORAGE_SECRET)
        sent = ("use-settings", "open-chat", "open-import", "put-settings", "take-home")
        use, chat_with, bring, put, home = (Signal(name) for name in sent)
        page = Page(root, blocks, talking, saved, before, use, chat_with, bring, put, home)
        with page.tabs:
            for name, build_tab in TABS.items():
                with gr.Tab(text.TABS[name], id=name, elem_id=f"tab-{name}"):
                    build_tab(page)
        page.use_settings.listen(lambda _: gr.Tabs(selected="train"), page.tabs)
        page.open_chat.listen(lambda _: gr.Tabs(selected="chat"), page.tabs)
        page.open_import.listen(lambda _: gr.Tabs(selected="runs"), page.tabs)
        page.take_home.listen(lambda _: gr.Tabs(selected="export"), page.tabs)
    # Gradio looks a thousand times a second whether something waits: a twentieth of a core while nobody asks.
    blocks._queue.sleep_when_free = _QUEUE_SECONDS
    return blocks
