"""The addresses that the page serves beside gradio's: its own scripts and styles, and a run's adapter as a zip file."""

from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import PlainTextResponse, Response, StreamingResponse
from fastapi.staticfiles import StaticFiles
from starlette.types import Scope

from workbench.errors import RunError, WorkbenchError
from workbench.runs.run_dir import RunDir
from workbench.ui import polls
from workbench.ui.chat import check_downloads
from workbench.ui.chat import downloads as chat_downloads
from workbench.ui.data import downloads as data_downloads
from workbench.ui.export import downloads as export_downloads
from workbench.ui.packing import pack

ASSETS = Path(__file__).parent / "assets"
ASSETS_URL = "/workbench-assets"


def add_routes(app: FastAPI, root: Path) -> None:
    """Must come before gradio is mounted at "/", which answers everything."""
    app.mount(ASSETS_URL, FreshFiles(directory=ASSETS))
    data_downloads.add_routes(app, root)
    chat_downloads.add_routes(app, root)
    check_downloads.add_routes(app, root)
    export_downloads.add_routes(app, root)
    polls.add_routes(app, root)

    @app.get("/runs/{run_id}/adapter.zip")
    def download_adapter(run_id: str) -> Response:
        return adapter_zip(root, run_id)


def adapter_url(run: RunDir) -> str:
    return f"/runs/{run.id}/adapter.zip"


class FreshFiles(StaticFiles):
    """Files that the browser asks about before it uses its copy: scripts of two versions must not meet."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "no-cache"
        return response


def adapter_zip(root: Path, run_id: str) -> Response:
    """The adapter of a run, or the weights that it changed, packed while it is sent."""
    try:
        run = RunDir.open(root, run_id)
        if not run.has_adapter():
            raise RunError(f"{run.name} has no adapter yet.", "It is there when the run has ended.")
    except WorkbenchError as error:
        return PlainTextResponse(f"{error}\n", 404)
    name = f"{run.id}-{run.adapter_dir.name}"
    headers = {"Content-Disposition": f'attachment; filename="{name}.zip"'}
    # Built on another adapter, it is of no use without that.
    folders = {name: run.adapter_dir} | ({f"{name}/merged": run.merged_dir} if run.merged_dir.exists() else {})
    return StreamingResponse(pack(folders), media_type="application/zip", headers=headers)
