"""The address at which an export that lies in the workspace is downloaded."""

from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import FileResponse, PlainTextResponse, Response, StreamingResponse

from workbench.errors import WorkbenchError
from workbench.ui.export import shelf
from workbench.ui.packing import pack


def add_routes(app: FastAPI, root: Path) -> None:
    """Must come before gradio is mounted at "/", which answers everything."""

    @app.get("/exports/{job_id}/files.zip")
    def download_export(job_id: str) -> Response:
        try:
            out = shelf.find_made(root, job_id).request.out
        except WorkbenchError as error:
            return PlainTextResponse(f"{error}\n", 404)
        if out.is_file():
            return FileResponse(out, filename=out.name)
        headers = {"Content-Disposition": f'attachment; filename="{out.name}.zip"'}
        return StreamingResponse(pack({out.name: out}), media_type="application/zip", headers=headers)
