"""The plan while a setting is moved, at an address of its own: gradio's way through the whole form takes longer."""

import html
import json
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

import gradio as gr
from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from workbench.chat.client import ChatClient
from workbench.config.build import build as build_config
from workbench.data.preparing.steps import Waiting
from workbench.errors import WorkbenchError
from workbench.training.checks import find_problems
from workbench.ui import text_plan as text
from workbench.ui.downloads import ASSETS_URL
from workbench.ui.fields import field_id, from_field
from workbench.ui.form import LEAVES
from workbench.ui.plan import savings, table
from workbench.ui.plan.outlook import find_outlook

LOOK_URL = "/plan/look"
SAVINGS_URL = "/plan/savings"

_MOST_BYTES = 100_000

# Gradio looks for the quoted name of an event in this text before it lets Python listen to it.
_START = f"""
import(location.origin + "{ASSETS_URL}/plan.js").then((plan) => plan.start(element, "{LOOK_URL}", "{SAVINGS_URL}"));
element.addEventListener("workbench:take-saving", (event) => trigger("take_saving", event.detail));
"""


def build() -> gr.HTML:
    """The component that puts sliders beside fields, and asks while they, or the fields, are moved.

    `component.take_saving(handler)` listens to a saving being pressed; its event holds the `settings` to change.
    """
    moved = {
        field_id(path): {"path": path, "stops": leaf.spec.stops}
        for path, leaf in LEAVES.items()
        if leaf.kind in (int, float)
    }
    template = f'<div hidden data-fields="{html.escape(json.dumps(moved))}" data-slider="{text.SLIDER}"></div>'
    return gr.HTML("", html_template=template, js_on_load=_START, apply_default_css=False, elem_id="plan-following")


def add_routes(app: FastAPI, root: Path, chat: ChatClient) -> None:
    """Must come before gradio is mounted at "/", which answers everything."""

    def serve(tell: Callable[[Path, ChatClient, bytes], str]) -> Callable[[Request], Awaitable[Response]]:
        async def on_request(request: Request) -> Response:
            if int(request.headers.get("content-length", _MOST_BYTES + 1)) > _MOST_BYTES:
                return Response(status_code=413)
            return PlainTextResponse(await run_in_threadpool(tell, root, chat, await request.body()))

        return on_request

    app.add_route(LOOK_URL, serve(tell), methods=["POST"])
    app.add_route(SAVINGS_URL, serve(tell_savings), methods=["POST"])


def tell(root: Path, chat: ChatClient, body: bytes) -> str:
    """The plan of the settings that a page sent, or why there is none, as HTML."""
    try:
        outlook = find_outlook(build_config(_read(body)), root, chat)
    except WorkbenchError as error:
        return table.render_fault(error)
    if isinstance(outlook, Waiting):
        return table.render_waiting(outlook)
    return table.render(outlook, find_problems(outlook.plan))


def tell_savings(root: Path, chat: ChatClient, body: bytes) -> str:
    """What would take less memory than that plan, as HTML; nothing where there is no plan."""
    try:
        outlook = find_outlook(build_config(_read(body)), root, chat)
        return "" if isinstance(outlook, Waiting) else savings.render(outlook.plan)
    except WorkbenchError:
        return ""


def _read(body: bytes) -> Mapping[str, Any]:
    """Settings as the plan before had them, and what has been moved since, as its fields hold it.

    Raises WorkbenchError for what no page sends: anyone can.
    """
    try:
        sent = json.loads(body)
        settings, moved = dict(sent["settings"]), dict(sent["moved"])
        return settings | {path: from_field(LEAVES[path], value) for path, value in moved.items()}
    except (ValueError, KeyError, TypeError) as error:
        raise WorkbenchError("The page asked for something that does not exist.", "Reload the page.") from error
