"""The real server around a page without gradio:  python -m tests.server.stub_page ROOT [flags of serve]"""

import argparse
import asyncio
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from types import ModuleType

from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, JSONResponse, StreamingResponse

from workbench.chat.client import ChatClient
from workbench.errors import WorkbenchError
from workbench.server.app import serve
from workbench.server.options import add_flags, read_options

PAGE = """<!doctype html><title>stub</title><h1>The page</h1><p id="out"></p>
<script>fetch("/echo", {method: "POST", body: "hello"}).then(r => r.text()).then(t => out.textContent = t)</script>"""


def mount(app: FastAPI, root: Path, chat: ChatClient) -> FastAPI:
    @app.get("/")
    def show_page() -> HTMLResponse:
        return HTMLResponse(PAGE, headers={"Content-Security-Policy": "default-src *"})

    @app.post("/echo")
    async def echo(request: Request) -> JSONResponse:
        return JSONResponse({"bytes": len(await request.body())})

    @app.get("/stream")
    def stream() -> StreamingResponse:
        return StreamingResponse(count_for_ever(), media_type="text/event-stream")

    @app.get("/crash")
    def crash() -> None:
        raise RuntimeError("a page that breaks")

    @app.get("/environment")
    def show_environment() -> dict[str, str]:
        return dict(os.environ)

    @app.get("/held")
    def tell_held() -> float:
        return chat.held_bytes()

    @app.post("/let-go")
    def let_go() -> None:
        chat.close()

    return app


async def count_for_ever() -> AsyncIterator[str]:
    while True:
        yield "data: tick\n\n"
        await asyncio.sleep(0.05)


def main() -> None:
    page = ModuleType("workbench.ui.app")
    page.__dict__["mount"] = mount
    sys.modules["workbench.ui.app"] = page
    parser = argparse.ArgumentParser()
    parser.add_argument("root", type=Path)
    add_flags(parser)
    flags = parser.parse_args()
    try:
        serve(read_options(flags, flags.root))
    except WorkbenchError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
