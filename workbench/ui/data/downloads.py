"""The files that the Data tab offers: rows as they were understood, and those left out, written while they are sent."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.responses import PlainTextResponse, Response, StreamingResponse

from workbench.data.examples import Example
from workbench.data.spreadsheet import csv_line
from workbench.errors import WorkbenchError
from workbench.ui.data.desk import Desk, Looked

_REJECTED_COLUMNS = ("file", "line", "reason", "excerpt")


def add_routes(app: FastAPI, root: Path) -> None:
    """Each takes `settings`, dotted settings as JSON, which can name nothing but listed sets."""
    desk = Desk(root)
    for name, (write, kind) in FILES.items():
        app.get(f"/data/{name}")(_route(desk, name, write, kind))


def _route(desk: Desk, name: str, write: Callable[[Looked], Iterator[str]], kind: str) -> Callable[..., Response]:
    def download(settings: str = "{}") -> Response:
        try:
            looked = desk.ready(_parse(settings))
        except WorkbenchError as error:
            return PlainTextResponse(f"{error}\n", 404)
        headers = {"Content-Disposition": f'attachment; filename="{_ascii(looked.choice.found.name)}-{name}"'}
        return StreamingResponse(write(looked), media_type=kind, headers=headers)

    return download


def _accepted(looked: Looked) -> Iterator[str]:
    """Every example that is learned from or kept for checking, as one would write it down."""
    for place, example in enumerate(looked.subject.prepared.examples.examples):
        if looked.subject.is_accepted[place]:
            yield json.dumps(_record(example), ensure_ascii=False) + "\n"


def _record(example: Example) -> dict[str, Any]:
    if not example.messages:
        return {"text": example.text}
    return {"messages": [{"role": message.role, "content": message.content} for message in example.messages]}


def _rejected_lines(looked: Looked) -> Iterator[str]:
    for row in _rejected(looked):
        yield json.dumps(row, ensure_ascii=False) + "\n"


def _rejected_table(looked: Looked) -> Iterator[str]:
    yield csv_line(_REJECTED_COLUMNS)
    for row in _rejected(looked):
        yield csv_line(str(row[name]) for name in _REJECTED_COLUMNS)


def _rejected(looked: Looked) -> Iterator[dict[str, Any]]:
    for row in looked.subject.rejected:
        file = looked.files[row["part"]]["name"]
        yield {"file": file, "line": row["line"], "reason": row["reason"], "excerpt": row["excerpt"]}


def _parse(settings: str) -> Any:
    try:
        return json.loads(settings)
    except ValueError:
        return {}


def _ascii(name: str) -> str:
    return "".join(character if character.isascii() and character.isalnum() else "-" for character in name)


FILES: dict[str, tuple[Callable[[Looked], Iterator[str]], str]] = {
    "accepted.jsonl": (_accepted, "application/jsonl"),
    "rejected.jsonl": (_rejected_lines, "application/jsonl"),
    "rejected.csv": (_rejected_table, "text/csv; charset=utf-8"),
}
