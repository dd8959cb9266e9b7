"""The addresses that open pages ask again and again. They bypass gradio, whose own way costs several times as much.

What was answered a moment ago is not worked out again: most pages have seen the same and ask the same.
"""

import json
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from workbench.errors import WorkbenchError
from workbench.monitoring.series import POINTS
from workbench.runs.run_dir import RunDir
from workbench.runs.stretch import read_stretch
from workbench.ui.machine_line import describe
from workbench.ui.question import read_question, read_stretch_words
from workbench.ui.snapshot import answer, series
from workbench.ui.watch import Pace, Watch

RUN_URL = "/poll/run"
MACHINE_URL = "/poll/machine"
STRETCH_URL = "/poll/stretch"

_EMPTY_SECONDS, _PROBLEM_SECONDS, _MACHINE_SECONDS = 2.0, 5.0, 4.0
_MOST_KEPT = 200

Ask = Callable[[Mapping[str, str]], tuple[dict[str, Any], float]]
"""Words of a question → the answer, and the time of `time.monotonic` until which it holds."""


def add_routes(app: FastAPI, root: Path) -> None:
    """Must come before gradio is mounted at "/", which answers everything."""
    watch = Watch(root)
    pace = Pace()

    def tell_machine(_: Mapping[str, str]) -> tuple[dict[str, Any], float]:
        return {"line": describe(root), "poll_seconds": _MACHINE_SECONDS}, time.monotonic() + _MACHINE_SECONDS / 2

    app.add_route(RUN_URL, Poll(lambda words: tell_run(watch, words), pace).on_request)
    app.add_route(MACHINE_URL, Poll(tell_machine, pace).on_request)
    app.add_route(STRETCH_URL, Poll(lambda words: (tell_stretch(watch, words), 0.0), pace).on_request)


def tell_run(watch: Watch, words: Mapping[str, str]) -> tuple[dict[str, Any], float]:
    """What a page does not have yet of a run; `problem` says what is wrong."""
    try:
        question = read_question(words)
        watched = watch.find(question.run)
        if watched is None:
            return {"kept": {"run": None}, "poll_seconds": _EMPTY_SECONDS}, 0.0
        with watched.lock:
            return answer(watched, question, watch.fresh_seconds), watched.stale_at
    except WorkbenchError as error:
        return {"problem": str(error), "poll_seconds": _PROBLEM_SECONDS}, 0.0


def tell_stretch(watch: Watch, words: Mapping[str, str]) -> dict[str, Any]:
    """The points of a stretch that a page has zoomed into; `problem` says what is wrong."""
    try:
        stretch = read_stretch_words(words)
        run = RunDir.open(watch.root, stretch.run)
    except WorkbenchError as error:
        return {"problem": str(error)}
    return {"series": series(read_stretch(run.metrics_path, stretch.first, stretch.last), POINTS)}


class Poll:
    """One such address. `poll_seconds` of its answers tells when to ask again; it grows with the number of pages."""

    def __init__(self, ask: Ask, pace: Pace) -> None:
        self._ask = ask
        self._pace = pace
        self._answers: OrderedDict[str, tuple[float, bytes]] = OrderedDict()

    async def on_request(self, request: Request) -> Response:
        stretch = self._pace.stretch()
        words = request.url.query
        good_until, content = self._answers.get(words, (0.0, b""))
        if time.monotonic() >= good_until:
            content = await run_in_threadpool(self._work_out, request, stretch)
        return Response(content, media_type="application/json", headers={"Cache-Control": "no-store"})

    def _work_out(self, request: Request, stretch: float) -> bytes:
        told, good_until = self._ask(request.query_params)
        if "poll_seconds" in told:
            told["poll_seconds"] *= stretch
        content = json.dumps(told, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
        self._answers[request.url.query] = (good_until, content)
        while len(self._answers) > _MOST_KEPT:
            self._answers.popitem(last=False)
        return content
