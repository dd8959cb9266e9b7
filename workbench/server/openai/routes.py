"""The addresses below /v1: what there is to ask, and the answers."""

import asyncio
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

from fastapi import FastAPI
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from workbench.chat.client import ChatClient
from workbench.server.openai import API_PATH, directory
from workbench.server.openai.errors import ApiError
from workbench.server.openai.forms import ChatForm, TextForm
from workbench.server.openai.reading import parse, read_body
from workbench.server.openai.service import Service
from workbench.server.openai.shapes import ChatRequest, TextRequest

T = TypeVar("T")

_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"]


def add_routes(app: FastAPI, root: Path, chat: ChatClient) -> None:
    """Must come before the page is mounted at "/", which answers everything."""
    service = Service(root, chat)
    app.add_exception_handler(ApiError, on_error)
    app.add_exception_handler(ClientDisconnect, on_left)

    @app.get(API_PATH + "/models")
    def list_models() -> JSONResponse:
        return JSONResponse({"object": "list", "data": list(directory.list_models(root))})

    @app.get(API_PATH + "/models/{name:path}")
    def describe_model(name: str) -> JSONResponse:
        return JSONResponse(directory.describe(root, name))

    @app.post(API_PATH + "/chat/completions")
    async def answer_chat(request: Request) -> Response:
        asked = parse(await read_body(request), ChatRequest)
        return await unless_left(request, service.answer(asked, ChatForm()))

    @app.post(API_PATH + "/completions")
    async def answer_text(request: Request) -> Response:
        asked = parse(await read_body(request), TextRequest)
        return await unless_left(request, service.answer(asked, TextForm()))

    @app.api_route(API_PATH, methods=_METHODS)
    @app.api_route(API_PATH + "/{rest:path}", methods=_METHODS)
    def tell_unknown(request: Request) -> None:
        raise ApiError(404, f"There is no {request.method} {request.url.path} here.", "unknown_url")


async def unless_left(request: Request, work: Coroutine[Any, Any, T]) -> T:
    """What `work` gives; it is cancelled when whoever asked goes away. Raises ClientDisconnect then."""
    working, watching = asyncio.ensure_future(work), asyncio.ensure_future(_left(request))
    try:
        await asyncio.wait({working, watching}, return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise ClientDisconnect()
        return working.result()
    finally:
        working.cancel()
        watching.cancel()


async def _left(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def on_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, ApiError)
    return error.response()


async def on_left(request: Request, error: Exception) -> Response:
    """Nobody reads it."""
    return Response(status_code=499)
