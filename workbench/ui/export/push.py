"""Pushing an export to the hub, as the browser asks for it. Nothing goes before the button is pressed."""

import shlex
from collections.abc import Callable
from pathlib import Path
from typing import Any

from workbench.errors import RunError
from workbench.export.hub import job as pushing
from workbench.export.hub.job import PushJob, PushRequest
from workbench.ui import text_export as text
from workbench.ui.drawn import Answer, answered
from workbench.ui.export import shelf
from workbench.ui.export.tales import tell_course


def push_functions(root: Path) -> list[Callable[[Any], Answer]]:
    """What the browser may ask: `export` is the id of one that lies here, `id` that of an upload."""

    @answered
    def export_push_look(arg: Answer) -> Answer:
        """Whether it can go at all, and what became of the last time."""
        folder = _folder(root, arg)
        latest = next((job for job in pushing.pushes(root) if job.request.folder == folder), None)
        if latest is None or not latest.goes_on:
            pushing.check(folder)
        return {"latest": _tell(latest) if latest else None}

    @answered
    def export_push_plan(arg: Answer) -> Answer:
        request = _read_request(root, arg)
        return {"says": pushing.announce(request), "command": _command_for(request)}

    @answered
    def export_push_start(arg: Answer) -> Answer:
        return _tell(pushing.start(root, _read_request(root, arg)))

    @answered
    def export_push_state(arg: Answer) -> Answer:
        return _tell(_find(root, arg))

    @answered
    def export_push_cancel(arg: Answer) -> Answer:
        job = _find(root, arg)
        if not job.goes_on:
            raise RunError(text.NOT_BEING_PUSHED, text.NOTHING_TO_CANCEL)
        job.request_stop()
        return _tell(job)

    return [export_push_look, export_push_plan, export_push_start, export_push_state, export_push_cancel]


def _folder(root: Path, arg: Answer) -> Path:
    return shelf.find_made(root, str(arg.get("export", ""))).request.out


def _read_request(root: Path, arg: Answer) -> PushRequest:
    return PushRequest(_folder(root, arg), str(arg.get("to", "")).strip(), arg.get("public") is True)


def _find(root: Path, arg: Answer) -> PushJob:
    asked = str(arg.get("id", ""))
    job = next((job for job in pushing.pushes(root) if job.id == asked), None)
    if job is None:
        raise RunError(text.NO_PUSH.format(asked[:40]), text.RELOAD)
    return job


def _tell(job: PushJob) -> Answer:
    request = job.request
    return {"title": text.PUSH_TITLE.format(request.folder.name, request.id, request.visibility)} | tell_course(job)


def _command_for(request: PushRequest) -> str:
    words = ["python", "-m", "workbench", "push", str(request.folder), "--to", request.id]
    return shlex.join([*words, *(["--public"] if request.public else [])])
