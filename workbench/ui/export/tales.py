"""What the page tells of one export: how far it is, and what came of it."""

import shlex
import time
from pathlib import Path
from typing import Any

from workbench.chat.gguf.files import is_installed, list_choices
from workbench.errors import RunError
from workbench.export.job import ExportJob
from workbench.export.request import ExportRequest
from workbench.export.targets import TARGETS
from workbench.jobs.errand import Errand
from workbench.jobs.transfer import bytes_per_second
from workbench.runs.disk import used_bytes
from workbench.runs.run_dir import RunDir
from workbench.ui import text_export as text
from workbench.ui.export.cards import next_steps, read_card
from workbench.ui.quantities import age, file_size, transfer

Answer = dict[str, Any]

_LOG_LINES = 40
_MOST_FILES = 12
_WORTH_TELLING_BYTES = 1000


def tell_state(job: ExportJob) -> Answer:
    """How far it is, or how it ended."""
    return {"title": _title(job)} | tell_course(job)


def tell_course(job: Errand) -> Answer:
    """The same of any whose steps are bytes."""
    status, goes_on = job.status(), job.goes_on
    percent = round(100 * status.step / status.steps) if status.steps else None
    return {
        "id": job.id,
        "phase": status.phase,
        "goes_on": goes_on,
        "message": status.message,
        "hint": status.hint,
        "percent": percent,
        "figures": transfer(status.step, status.steps, bytes_per_second(job) if goes_on else 0.0),
        "log": job.log_tail(_LOG_LINES),
    }


def tell_line(job: ExportJob) -> Answer:
    """One that lies here, in the list."""
    out = job.request.out
    when = age(time.time() - out.stat().st_mtime)
    return {"id": job.id, "name": out.name, "title": _title(job), "size": file_size(_bytes(job) / 1e6), "when": when}


def tell_made(job: ExportJob) -> Answer:
    """The same, looked into."""
    out = job.request.out
    card, words = read_card(out), text.TARGETS[job.request.target]
    return tell_line(job) | {
        "place": str(out),
        "files": _tell_files(out),
        "checked": words.checked,
        "steps": [*(_way_there(out) if words.in_place and out.is_dir() else []), *next_steps(card)],
        "card": card,
        "talk": _file_to_talk_to(job),
        "url": f"/exports/{job.id}/files.zip",
    }


def _tell_files(out: Path) -> str:
    """Those that lie in a folder, the largest first."""
    sizes = {path.relative_to(out).as_posix(): path.stat().st_size for path in out.rglob("*") if path.is_file()}
    largest = sorted(sizes, key=lambda name: -sizes[name])
    rest = [text.MORE_FILES.format(len(largest) - _MOST_FILES)] if len(largest) > _MOST_FILES else []
    return " · ".join([*(_name_file(name, sizes[name]) for name in largest[:_MOST_FILES]), *rest])


def _name_file(name: str, size_bytes: int) -> str:
    return f"{name} {file_size(size_bytes / 1e6)}" if size_bytes >= _WORTH_TELLING_BYTES else name


def _way_there(out: Path) -> list[Answer]:
    """To the folder in which the next step is done."""
    return [{"kind": "words", "text": text.GO_THERE}, {"kind": "code", "text": shlex.join(["cd", str(out)])}]


def _file_to_talk_to(job: ExportJob) -> str:
    """The GGUF model in it, by the name that Chat has for it; "" where there is none, or nothing that reads it."""
    choices = list_choices(job.root) if is_installed() else []
    own = f"{job.request.out.relative_to(job.root).as_posix()}/"
    return next((one.name for one in choices if one.file.startswith(own) and not one.lora and not one.problem), "")


def _bytes(job: ExportJob) -> int:
    out = job.request.out
    return used_bytes(out) if out.is_dir() else out.stat().st_size


def _title(job: ExportJob) -> str:
    request = job.request
    title = text.TITLE.format(label=TARGETS[request.target].label, run=_run_name(job, request))
    return " · ".join(filter(None, (title, request.numbers)))


def _run_name(job: ExportJob, request: ExportRequest) -> str:
    """A run may have been deleted since."""
    try:
        return RunDir.open(job.root, request.run).name
    except RunError:
        return request.run
