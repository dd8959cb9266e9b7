"""What visitors send: a few words, never more than fits, and not for ever."""

import asyncio
import json
from typing import Any
from urllib.parse import parse_qs

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request

MOST_PROMPT_CHARACTERS = 4000

_MOST_PROMPT_BYTES = 4 * MOST_PROMPT_CHARACTERS
_MOST_SMALL_BYTES = 256
_PATIENCE_SECONDS = 10.0
_TOO_LONG = f"This is too long. Ask in at most {MOST_PROMPT_CHARACTERS:,} letters."


async def read_prompt(request: Request) -> str:
    """The body as text. Raises HTTPException where there is none, or too much."""
    prompt = (await _read(request, _MOST_PROMPT_BYTES)).decode("utf-8", errors="replace").strip()
    if not prompt:
        raise HTTPException(400, "Type a question first.")
    if len(prompt) > MOST_PROMPT_CHARACTERS:
        raise HTTPException(413, _TOO_LONG)
    return prompt


async def read_field(request: Request, name: str) -> str:
    """One field of a form."""
    text = (await _read(request, _MOST_SMALL_BYTES)).decode("utf-8", errors="replace")
    return parse_qs(text).get(name, [""])[0]


async def read_choice(request: Request) -> tuple[int, str, int]:
    """The number of a question, the letter chosen, and by how much it counts (1 where nothing is said)."""
    try:
        found: Any = json.loads(await _read(request, _MOST_SMALL_BYTES))
        return int(found["number"]), str(found.get("letter", "")), 1 if int(found.get("by", 1)) > 0 else -1
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise HTTPException(400, "This cannot be read.") from error


async def _read(request: Request, most_bytes: int) -> bytes:
    body = b""
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            async for part in request.stream():
                body += part
                if len(body) > most_bytes:
                    raise HTTPException(413, _TOO_LONG)
    except (TimeoutError, ClientDisconnect) as error:
        raise HTTPException(408, "The question did not arrive. Ask again.") from error
    return body
