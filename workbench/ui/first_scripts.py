"""Scripts that must stand before gradio's own in the page, since they change what those find."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from workbench.ui.downloads import ASSETS_URL

_HEAD = b"<head>"
_NAMES = ("clocks", "refusals")
_SCRIPTS = "".join(f'<script src="{ASSETS_URL}/{name}.js"></script>' for name in _NAMES).encode()


class FirstScripts:
    """Around the page as a whole. Gradio puts scripts of ours into the page only when its own have begun."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_page = scope["type"] == "http" and scope["path"] == "/"
        await self._app(scope, receive, with_scripts(send) if is_page else send)


def with_scripts(send: Send) -> Send:
    """Hold the answer back until it is whole."""
    held: list[Message] = []

    async def send_page(message: Message) -> None:
        if message["type"] in ("http.response.start", "http.response.body"):
            held.append(message)
        else:
            await send(message)
        if message["type"] == "http.response.body" and not message.get("more_body", False):
            for part in _with_scripts(held[0], b"".join(body.get("body", b"") for body in held[1:])):
                await send(part)

    return send_page


def _with_scripts(start: Message, body: bytes) -> list[Message]:
    page = body.replace(_HEAD, _HEAD + _SCRIPTS, 1)
    headers = MutableHeaders(raw=list(start["headers"]))
    if "content-length" in headers:
        headers["content-length"] = str(len(page))
    return [{**start, "headers": headers.raw}, {"type": "http.response.body", "body": page}]
