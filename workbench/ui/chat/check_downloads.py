"""The addresses at which an answer sheet can be taken away."""

from collections.abc import Callable
from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import PlainTextResponse, Response

from workbench.chat.scores.exports import write_csv, write_html
from workbench.chat.scores.folder import Evaluation
from workbench.errors import WorkbenchError
from workbench.runs.run_dir import RunDir

SHEETS: dict[str, tuple[Callable[[Evaluation], str], str]] = {
    "sheet.csv": (write_csv, "text/csv; charset=utf-8"),
    "sheet.html": (write_html, "text/html; charset=utf-8"),
}


def add_routes(app: FastAPI, root: Path) -> None:
    """Must come before gradio is mounted at "/", which answers everything."""
    for name, (write, kind) in SHEETS.items():
        app.get("/runs/{run_id}/evaluations/{evaluation_id}/" + name)(_route(root, name, write, kind))


def _route(root: Path, name: str, write: Callable[[Evaluation], str], kind: str) -> Callable[..., Response]:
    def download(run_id: str, evaluation_id: str) -> Response:
        """Always as a file: what models wrote does not become a page of ours."""
        try:
            run = RunDir.open(root, run_id)
            content = write(Evaluation.open(run, evaluation_id))
        except WorkbenchError as error:
            return PlainTextResponse(f"{error}\n", 404)
        headers = {"Content-Disposition": f'attachment; filename="{run.id}-{name}"'}
        return Response(content, media_type=kind, headers=headers)

    return download
