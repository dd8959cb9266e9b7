"""A page with nothing but the live view, under the content policy of the real one.

Run as `python -m tests.browser.live_page ROOT PORT`.
"""

import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import gradio as gr
import uvicorn
from fastapi import FastAPI, Request, Response

from workbench.server.guard import CONTENT_POLICY
from workbench.ui import live, theme
from workbench.ui.downloads import add_routes


def main(root: Path, port: int) -> None:
    with gr.Blocks(title="Live view", fill_width=True, analytics_enabled=False) as page:
        view = live.build(root)
        chosen = gr.Textbox(label="Run", elem_id="chosen")
        opened = gr.Textbox(label="Opened in chat", elem_id="opened")
        # Without the queue, no stream is open whose end makes gradio reload the page when its server is killed.
        chosen.submit(lambda run_id: run_id, chosen, view, queue=False)
        view.open_chat(on_open_chat, None, opened)
    app = FastAPI()
    add_routes(app, root)
    app.middleware("http")(with_policy)
    app = gr.mount_gradio_app(app, page, path="/", theme=theme.make(), ssr_mode=False, footer_links=[])
    uvicorn.run(app, port=port, log_level="error", timeout_graceful_shutdown=0)


async def with_policy(request: Request, call: Callable[[Request], Awaitable[Response]]) -> Response:
    response = await call(request)
    response.headers["Content-Security-Policy"] = CONTENT_POLICY
    return response


def on_open_chat(event: gr.EventData) -> str:
    return str(event.run)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
