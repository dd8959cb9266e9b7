"""The addresses at which a conversation can be taken away: to learn from, and to show to others."""

from collections.abc import Callable
from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import PlainTextResponse, Response

from workbench.chat.keeping.conversations import load
from workbench.chat.keeping.examples import BETTER, write_examples
from workbench.chat.keeping.markdown import write_markdown
from workbench.chat.keeping.sheet import Sheet, lay_out
from workbench.chat.keeping.table import write_csv
from workbench.chat.keeping.web_page import write_html
from workbench.errors import WorkbenchError

URL = "/conversations"

COMPARISONS: dict[str, tuple[Callable[[Sheet], str], str]] = {
    "comparison.html": (write_html, "text/html; charset=utf-8"),
    "comparison.md": (write_markdown, "text/markdown; charset=utf-8"),
    "comparison.csv": (write_csv, "text/csv; charset=utf-8"),
}
"""What can be shown to others: who writes it, and what the browser is told that it is."""


def add_routes(app: FastAPI, root: Path) -> None:
    """Must come before gradio is mounted at "/", which answers everything."""

    @app.get(URL + "/{conversation_id}/examples.jsonl")
    def download_examples(conversation_id: str, answers: str = BETTER) -> Response:
        try:
            lines = write_examples(load(root, conversation_id).conversation, answers)
        except WorkbenchError as error:
            return PlainTextResponse(f"{error}\n", 404)
        return Response(lines, media_type="application/jsonl", headers=_as_file(f"chat-{conversation_id}.jsonl"))

    for name, (write, kind) in COMPARISONS.items():
        app.get(URL + "/{conversation_id}/" + name)(_route(root, write, kind, Path(name).suffix))


def _route(root: Path, write: Callable[[Sheet], str], kind: str, suffix: str) -> Callable[..., Response]:
    def download(conversation_id: str, look: bool = False) -> Response:
        """Only a file, or with `look` as a page of the browser's."""
        try:
            text = write(lay_out(load(root, conversation_id)))
        except WorkbenchError as error:
            return PlainTextResponse(f"{error}\n", 404)
        headers = {} if look else _as_file(f"comparison-{conversation_id}{suffix}")
        return Response(text, media_type=kind, headers=headers)

    return download


def _as_file(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"'}
