"""Answers sent while they are written, as server-sent events."""

import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Any

from starlette.responses import StreamingResponse
from starlette.types import Send

from workbench.server.openai.errors import ApiError

_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


class EventStream(StreamingResponse):
    """Each object as one event, and a last one that says so. An error after the first is an event too."""

    def __init__(self, first: dict[str, Any], rest: AsyncGenerator[dict[str, Any], None]) -> None:
        super().__init__(_lines(first, rest), media_type="text/event-stream", headers=_HEADERS)
        self._rest = rest

    async def stream_response(self, send: Send) -> None:
        # Whoever listens may go away between two pieces, where the writer would never hear of it.
        async with aclosing(self._rest):
            await super().stream_response(send)


async def _lines(first: dict[str, Any], rest: AsyncGenerator[dict[str, Any], None]) -> AsyncIterator[str]:
    yield _line(first)
    try:
        async for told in rest:
            yield _line(told)
    except ApiError as error:
        yield _line(error.to_json())
    else:
        yield "data: [DONE]\n\n"


def _line(told: dict[str, Any]) -> str:
    return f"data: {json.dumps(told, ensure_ascii=False)}\n\n"
