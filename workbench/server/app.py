"""The page's server: FastAPI behind the guard, with the page mounted into it.

Started by `python app.py` or `python -m workbench serve`. This process holds no model.
"""

import contextlib
import logging
import os
import shutil
import socket
import threading
import time
import webbrowser
from collections.abc import Callable
from pathlib import Path

import uvicorn
from fastapi import FastAPI
from starlette.types import ASGIApp

from workbench import __version__
from workbench.chat.client import ChatClient
from workbench.config.run_config import RunConfig
from workbench.errors import WorkbenchError
from workbench.jobs.environment import stay_offline
from workbench.models.catalog import add_folder
from workbench.runs.keys import api_key, page_token
from workbench.runs.root import prepare
from workbench.server.access import LOOPBACK_NAMES, Access, name_workspace
from workbench.server.announce import describe_ready, describe_start, has_desktop, link_to
from workbench.server.guard import OPEN_PATH, Guard
from workbench.server.openai.routes import add_routes as add_api_routes
from workbench.server.options import ServeOptions, check_options, is_loopback
from workbench.server.port import APP_NAME, ask_who_is_there, claim_port

_QUIET_SECONDS = 30.0
"""Whoever starts the page looks at it first."""

ENVIRONMENT = {
    "GRADIO_ANALYTICS_ENABLED": "False",
    "GRADIO_RUN_HISTORY": "False",
    "HF_HUB_DISABLE_TELEMETRY": "1",
}


def serve(options: ServeOptions) -> None:
    """Show the page until Ctrl-C."""
    check_options(options)
    root = options.root.expanduser().resolve()
    prepare(root)
    for folder in options.models:
        add_folder(root, folder)
    names = LOOPBACK_NAMES | {name.lower() for name in options.allow_host}
    access = Access(page_token(root), api_key(root), names)
    listener = claim_port(options.host, options.port)
    if listener is None:
        raise explain_taken_port(options, root, access.token)
    print(describe_start(root), flush=True)
    with listener, contextlib.suppress(KeyboardInterrupt):
        enter_workspace(root)
        port = listener.getsockname()[1]
        with contextlib.closing(ChatClient(root / "cache" / "chat.log", options.chat_idle_minutes * 60)) as chat:
            server = PageServer(build(root, access, chat), lambda: welcome(options, port, access.token))
            server.run(sockets=[listener])
    print("The page is closed. A training that runs goes on.")


def build(root: Path, access: Access, chat: ChatClient) -> Guard:
    """The page and the addresses for programs, which share one chat."""
    # Gradio takes seconds to load, and reads its environment while it does.
    from workbench.ui.app import mount

    app = FastAPI(title="LoRA Workbench", version=__version__, docs_url=None, redoc_url=None, openapi_url=None)
    workspace = name_workspace(root, access.token)

    @app.api_route(OPEN_PATH, methods=["GET", "HEAD"])
    def tell_health() -> dict[str, str]:
        return {"app": APP_NAME, "root": workspace, "version": __version__}

    add_api_routes(app, root, chat)
    return Guard(mount(app, root, chat), access)


def enter_workspace(root: Path) -> None:
    """Gradio hands out files that lie below the working folder, so the page works in an empty one."""
    uploads, empty = root / "cache" / "gradio", root / "cache" / "empty"
    if uploads.exists():
        shutil.rmtree(uploads)
    for folder in (uploads, empty):
        folder.mkdir(parents=True, exist_ok=True)
    stay_offline()
    os.environ.update(ENVIRONMENT, GRADIO_TEMP_DIR=str(uploads))
    os.chdir(empty)


def welcome(options: ServeOptions, port: int, token: str) -> None:
    """Say where the page is, open it, and read the first visit's data meanwhile."""
    print(describe_ready(options, port, token), flush=True)
    root = options.root.expanduser().resolve()
    threading.Thread(target=read_ahead, args=(root,), daemon=True).start()
    if options.measure:
        threading.Thread(target=measure, args=(root,), daemon=True).start()
    if options.open_browser and has_desktop():
        # Some browsers return only when they are closed.
        threading.Thread(target=webbrowser.open, args=(link_to(options, port, token),), daemon=True).start()


def read_ahead(root: Path) -> None:
    """The plan of a page that nobody has changed yet; it lies ready after the first time."""
    from workbench.training import plan

    with contextlib.suppress(WorkbenchError):
        plan.make(RunConfig(), root)


def measure(root: Path) -> None:
    """Find out how fast this computer trains, once: when the page has been opened, and as soon as nothing trains."""
    from workbench.training.calibration.job import is_measured, start_calibration

    # Where it cannot be kept, times go on being told as wide ranges.
    with contextlib.suppress(OSError):
        begun = is_measured(root)
        while not begun:
            time.sleep(_QUIET_SECONDS)
            begun = start_calibration(root)


def explain_taken_port(options: ServeOptions, root: Path, token: str) -> WorkbenchError:
    port = options.port
    there = ask_who_is_there(options.host if is_loopback(options.host) else "127.0.0.1", port)
    if there == name_workspace(root, token):
        return WorkbenchError(f"Already running: {link_to(options, port, token)}", "Open that link in your browser.")
    other = "another program" if there is None else "the workbench of another folder"
    return WorkbenchError(f"Port {port} is taken by {other}.", f"Choose another one, such as --port {port + 1}.")


class PageServer(uvicorn.Server):
    """A quiet server that says when its port answers, and stops at once."""

    def __init__(self, app: ASGIApp, on_ready: Callable[[], None]) -> None:
        super().__init__(
            uvicorn.Config(app, log_level="error", access_log=False, ws="none", timeout_graceful_shutdown=0)
        )
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._on_ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        # Open streams are cut off on purpose; that is no error to show.
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
        await super().shutdown(sockets)
