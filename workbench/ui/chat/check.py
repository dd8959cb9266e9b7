"""Checking a result: an answer sheet, scores, and what was forgotten. One component, drawn in the browser.

Anyone can call these functions, so an argument may be anything: they answer with a problem instead of failing.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from workbench.chat.client import ChatClient
from workbench.chat.scores import launch
from workbench.chat.scores.folder import Mark
from workbench.chat.scores.pace import estimate_seconds, tell_range
from workbench.chat.scores.sheet import FILTERS, SheetRow, filter_rows, sheet_rows, target_labels
from workbench.errors import RunError
from workbench.ui import text_check as text
from workbench.ui.chat.checks import choices, find_job, find_run, read_request, read_text, tell_state
from workbench.ui.chat.company import Company
from workbench.ui.downloads import ASSETS_URL
from workbench.ui.drawn import Answer, answered, draw
from workbench.ui.page import Page

_ROWS = 25
_MARKS: tuple[Mark, ...] = ("good", "bad", "")

_START = f"""
import(location.origin + "{ASSETS_URL}/check.js").then((check) => check.start(element, {{server}}));
"""


def build(page: Page) -> None:
    draw("check", functions(page.root, page.chat), _START)


def functions(root: Path, client: ChatClient) -> list[Callable[[Any], Answer]]:
    """What the browser may ask, each by its name."""
    company = Company(root)

    @answered
    def check_look(arg: Answer) -> Answer:
        return choices(company, str(arg.get("run", "")))

    @answered
    def check_plan(arg: Answer) -> Answer:
        run, request = find_run(root, arg), read_request(arg, root)
        request.check()
        notes = [text.CHAT_PUT_AWAY] if client.held_bytes() else []
        notes += [text.UP_TO] if request.data else []
        return {"time": tell_range(estimate_seconds(run, request)), "notes": notes}

    @answered
    def check_start(arg: Answer) -> Answer:
        run, request, own = find_run(root, arg), read_request(arg, root), read_text(arg)
        client.close()
        return tell_state(launch.start(run, request, own))

    @answered
    def check_go_on(arg: Answer) -> Answer:
        job = find_job(root, arg)
        client.close()
        launch.go_on(job)
        return tell_state(job)

    @answered
    def check_cancel(arg: Answer) -> Answer:
        job = find_job(root, arg)
        launch.cancel(job)
        return tell_state(job)

    @answered
    def check_state(arg: Answer) -> Answer:
        return tell_state(find_job(root, arg))

    return [check_look, check_plan, check_start, check_go_on, check_cancel, check_state, *_sheet_functions(root)]


def _sheet_functions(root: Path) -> list[Callable[[Any], Answer]]:
    @answered
    def check_rows(arg: Answer) -> Answer:
        job = find_job(root, arg)
        everything, labels = sheet_rows(job), target_labels(job)
        part, page = str(arg.get("part", "")), arg.get("page")
        chosen = filter_rows(everything, part, str(arg.get("filter", "all")))
        start = _ROWS * max(0, page) if isinstance(page, int) else 0
        return {
            "rows": [_tell_row(row, labels) for row in chosen[start : start + _ROWS]],
            "found": len(chosen),
            "pages": -(-len(chosen) // _ROWS),
            "counts": {filter: len(filter_rows(everything, part, filter)) for filter in FILTERS},
            "parts": sorted({row.part for row in everything}),
        }

    @answered
    def check_mark(arg: Answer) -> Answer:
        mark = arg.get("mark")
        if mark not in _MARKS:
            raise RunError(text.BAD_WISH, text.RELOAD)
        find_job(root, arg).mark(str(arg.get("key", "")), mark)
        return {}

    return [check_rows, check_mark]


def _tell_row(row: SheetRow, labels: dict[str, str]) -> Answer:
    answers = [{"label": label, "text": row.answers[name]} for name, label in labels.items()]
    return {
        "key": row.key,
        "part": row.part,
        "question": row.question,
        "expected": row.expected,
        "answers": answers,
        "mark": row.mark,
        "changed": row.is_changed,
    }
