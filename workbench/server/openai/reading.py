"""From the bytes of a request to what it asks, or to the first thing that is wrong with it."""

from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError
from starlette.requests import Request

from workbench.server.openai.errors import ApiError, bad_value
from workbench.server.openai.shapes import ChatRequest, TextRequest

MOST_BYTES = 1_000_000
_MOST_DISCARDED_BYTES = 32_000_000

R = TypeVar("R", ChatRequest, TextRequest)

_OBJECT = TypeAdapter(dict[str, Any])

_LABELS = ("user", "metadata", "safety_identifier", "prompt_cache_key", "prompt_cache_retention")
"""They say who asks, and change no answer."""

_NOT_HAD: dict[str, tuple[Any, ...]] = {
    "frequency_penalty": (0, 0.0),
    "presence_penalty": (0, 0.0),
    "logit_bias": ({},),
    "logprobs": (False,),
    "top_logprobs": (0,),
    "tools": ([],),
    "tool_choice": ("none", "auto"),
    "parallel_tool_calls": (True, False),
    "functions": ([],),
    "function_call": ("none", "auto"),
    "response_format": ({"type": "text"},),
    "modalities": (["text"],),
    "audio": (),
    "prediction": (),
    "reasoning_effort": ("none",),
    "verbosity": ("medium",),
    "web_search_options": (),
    "service_tier": ("auto", "default"),
    "store": (False,),
    "best_of": (1,),
    "echo": (False,),
    "suffix": ("",),
}
"""What OpenAI has and we have not, and the values, besides null, by which a program asks for none of it."""

_NOT_HAD_IN_MESSAGES: dict[str, tuple[Any, ...]] = {
    "name": (),
    "refusal": (),
    "audio": (),
    "function_call": (),
    "tool_calls": ([],),
    "tool_call_id": (),
    "annotations": ([],),
}


async def read_body(request: Request) -> bytes:
    """The whole of it. Raises ApiError for one that is too long, once it is read: who sends does not hear yet."""
    body, length = bytearray(), 0
    async for piece in request.stream():
        length += len(piece)
        if length <= MOST_BYTES:
            body += piece
        if length > _MOST_DISCARDED_BYTES:
            break
    if length > MOST_BYTES:
        message = f"The request is longer than {MOST_BYTES:,} bytes, which is the most that is read."
        raise ApiError(413, message, "request_too_large")
    return bytes(body)


def parse(body: bytes, shape: type[R]) -> R:
    """What is asked. Raises ApiError, naming the part of the request that cannot be."""
    try:
        tree = _OBJECT.validate_json(body)
    except ValidationError as error:
        raise bad_value(None, f"The request is no JSON object: {error.errors()[0]['msg']}.", "invalid_json") from error
    asked = _without(_labels_off(tree), _NOT_HAD, "")
    messages = asked.get("messages")
    if isinstance(messages, list):
        asked["messages"] = [
            _without(message, _NOT_HAD_IN_MESSAGES, f"messages[{number}].") if isinstance(message, dict) else message
            for number, message in enumerate(messages)
        ]
    try:
        return shape.model_validate(asked)
    except ValidationError as error:
        raise _plain(error.errors()[0]) from error


def _labels_off(tree: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in tree.items() if name not in _LABELS}


def _without(tree: dict[str, Any], not_had: dict[str, tuple[Any, ...]], place: str) -> dict[str, Any]:
    """The rest, once it is sure that nothing of `not_had` is wanted."""
    for name, neutral in not_had.items():
        value = tree.get(name)
        if value is not None and not any(type(value) is type(other) and value == other for other in neutral):
            message = f"“{place}{name}” is not supported: these models cannot do it. Leave it out."
            raise bad_value(f"{place}{name}", message, "unsupported_parameter")
    return {name: value for name, value in tree.items() if name not in not_had}


def _plain(error: Mapping[str, Any]) -> ApiError:
    param = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in error["loc"]).removeprefix(".")
    if error["type"] == "extra_forbidden":
        return bad_value(param, f"There is no parameter “{param}”.", "unknown_parameter")
    if error["type"] == "missing":
        return bad_value(param, f"“{param}” is missing.", "missing_required_parameter")
    said = str(error["ctx"]["error"]) if error["type"] == "value_error" else error["msg"][:1].lower() + error["msg"][1:]
    return bad_value(param or None, f"{param}: {said}." if param else f"{said}.")
