"""Answers that go on: events, one a line, until there are no more or the visitor has left."""

import json
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from typing import Any

from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

Rows = AsyncGenerator[dict[str, Any], None]


class Stream(StreamingResponse):
    """`on_end` is called in any case, also if the visitor left before the first row."""

    media_type = "text/event-stream"

    def __init__(self, rows: Rows, on_end: Callable[[], None] = lambda: None) -> None:
        self._rows = rows
        self._on_end = on_end
        super().__init__(_lines(rows))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            async with aclosing(self._rows):
                await super().__call__(scope, receive, send)
        finally:
            self._on_end()


async def _lines(rows: Rows) -> AsyncGenerator[str, None]:
    async for row in rows:
        yield f"data: {json.dumps(row, ensure_ascii=False)}\n\n"
