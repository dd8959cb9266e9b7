"""The addresses at which the page asks and stops. Answers are sent while they are written: one JSON object a line."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Generator
from contextlib import closing
from itertools import takewhile
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from workbench.chat.client import ChatClient
from workbench.errors import RunError, WorkbenchError
from workbench.ui import text_chat as text
from workbench.ui.chat.wish import MOST_BYTES, Wish, read_wish

TALK_URL = "/chat/talk"
STOP_URL = "/chat/stop"

# Tokens come faster than anyone can read; what has come meanwhile is sent together.
_PAUSE_SECONDS = 0.04

Line = dict[str, Any]

Stops = dict[str, threading.Event]
"""By whoever waits for an answer, whether it is to stop: it may be told before the worker has heard the question."""


def add_routes(app: FastAPI, root: Path, client: ChatClient) -> None:
    """Must come before gradio is mounted at "/", which answers everything."""
    stops: Stops = {}

    async def on_talk(request: Request) -> Response:
        try:
            if int(request.headers.get("content-length", MOST_BYTES + 1)) > MOST_BYTES:
                raise RunError(text.TOO_LONG, text.CLEAR_FIRST)
            wish = read_wish(await request.body())
        except WorkbenchError as error:
            return Response(_as_line(_problem(error)))
        return StreamingResponse(stream(root, client, wish, stops), media_type="application/x-ndjson")

    async def on_stop(request: Request) -> Response:
        asker = request.query_params.get("asker", "")
        if asker in stops:
            stops[asker].set()
        # The line to a worker that does not read may be full, and the page must not wait for it.
        await run_in_threadpool(client.stop, asker)
        return Response(status_code=204)

    app.add_route(TALK_URL, on_talk, methods=["POST"])
    app.add_route(STOP_URL, on_stop, methods=["POST"])


async def stream(root: Path, client: ChatClient, wish: Wish, stops: Stops) -> AsyncIterator[str]:
    """The lines of an answer; it is stopped when nobody listens any more."""
    loop = asyncio.get_running_loop()
    said: asyncio.Queue[Line | None] = asyncio.Queue()
    is_left, is_stopped = threading.Event(), stops.setdefault(wish.asker, threading.Event())

    def listen() -> None:
        try:
            with closing(tell(root, client, wish, is_stopped)) as lines:
                for line in takewhile(lambda _: not is_left.is_set(), lines):
                    if is_stopped.is_set():
                        client.stop(wish.asker)
                    loop.call_soon_threadsafe(said.put_nowait, line)
        finally:
            if not is_left.is_set():
                loop.call_soon_threadsafe(said.put_nowait, None)

    threading.Thread(target=listen, daemon=True).start()
    try:
        lines: list[Line | None] = []
        while None not in lines:
            lines = [await said.get()]
            while not said.empty():
                lines.append(said.get_nowait())
            yield "".join(_as_line(line) for line in lines if line) or "\n"
            await asyncio.sleep(_PAUSE_SECONDS)
    finally:
        is_left.set()
        stops.pop(wish.asker, None)
        threading.Thread(target=client.stop, args=(wish.asker,), daemon=True).start()


def tell(root: Path, client: ChatClient, wish: Wish, is_stopped: threading.Event) -> Generator[Line]:
    """The events of what is asked, one model after the other, and of each what went wrong, if it did."""
    for number, part in enumerate(wish.by_model()):
        if number and is_stopped.is_set():
            return
        try:
            with closing(client.ask(part.question(root), wish.asker)) as events:
                for event in events:
                    yield event.to_json()
        except WorkbenchError as error:
            yield _problem(error)


def _problem(error: WorkbenchError) -> Line:
    return {"problem": {"message": error.message, "hint": error.hint}}


def _as_line(line: Line) -> str:
    return json.dumps(line, ensure_ascii=False) + "\n"
