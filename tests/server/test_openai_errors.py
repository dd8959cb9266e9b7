"""What a program is told that asks for what cannot be: by its status, its code, and the part that is at fault."""

import json
from typing import Any

import pytest
from openai import OpenAI

from tests.server.conftest import RunningPage
from tests.server.wire import Answer, ask
from workbench.runs.keys import api_key

CHAT = "/v1/chat/completions"
ASKED: dict[str, Any] = {"model": "starter", "messages": [{"role": "user", "content": "Hi!"}]}


def post(page: RunningPage, target: str, body: bytes) -> Answer:
    return ask(page.port, target, [("Host", "localhost"), ("Authorization", f"Bearer {page.token}")], "POST", body)


def refusal(page: RunningPage, settings: dict[str, Any], target: str = CHAT) -> tuple[int, str, str | None]:
    answer = post(page, target, json.dumps(settings).encode())
    error = json.loads(answer.body)["error"]
    assert error["message"] and error["type"] == "invalid_request_error"
    return answer.status, error["code"], error["param"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("temperature", 3),
        ("temperature", "0.5"),
        ("temperature", True),
        ("temperature", float("nan")),
        ("top_p", 0),
        ("top_k", -2),
        ("min_p", 1.5),
        ("repetition_penalty", 0.5),
        ("seed", -1),
        ("seed", 2**31),
        ("seed", 1.5),
        ("n", 0),
        ("n", 17),
        ("max_tokens", 0),
        ("max_tokens", 5000),
        ("max_completion_tokens", 5000),
        ("messages", []),
        ("messages", "Hi!"),
        ("stop", ["a", "b", "c", "d", "e"]),
        ("model", None),
        ("model", "starter@0.5"),
    ],
)
def test_a_value_that_cannot_be_is_named(page: RunningPage, name: str, value: Any) -> None:
    assert refusal(page, ASKED | {name: value}) == (400, "invalid_value", name)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("frequency_penalty", 0.5),
        ("presence_penalty", -1),
        ("logit_bias", {"50": 1}),
        ("logprobs", True),
        ("tools", [{"type": "function"}]),
        ("tool_choice", "required"),
        ("response_format", {"type": "json_object"}),
        ("modalities", ["text", "audio"]),
        ("reasoning_effort", "high"),
        ("store", True),
    ],
)
def test_what_cannot_be_had_is_refused_and_not_passed_over(page: RunningPage, name: str, value: Any) -> None:
    assert refusal(page, ASKED | {name: value}) == (400, "unsupported_parameter", name)


@pytest.mark.parametrize(
    ("message", "code", "param"),
    [
        ({"role": "tool", "content": "x"}, "invalid_value", "messages[0].role"),
        ({"role": "user"}, "missing_required_parameter", "messages[0].content"),
        ({"role": "user", "content": None}, "invalid_value", "messages[0].content"),
        ({"role": "user", "content": [{"type": "image_url"}]}, "invalid_value", "messages[0].content"),
        ({"role": "user", "content": "x", "name": "Ann"}, "unsupported_parameter", "messages[0].name"),
        ({"role": "user", "content": "x", "mood": "good"}, "unknown_parameter", "messages[0].mood"),
        ("Hi!", "invalid_value", "messages[0]"),
    ],
)
def test_a_message_that_cannot_be_read_is_named(page: RunningPage, message: Any, code: str, param: str) -> None:
    assert refusal(page, ASKED | {"messages": [message]}) == (400, code, param)


@pytest.mark.parametrize(
    ("settings", "code", "param"),
    [
        ({"prompt": []}, "invalid_value", "prompt"),
        ({"prompt": ""}, "invalid_value", "prompt[0]"),
        ({"prompt": [1, 2, 3]}, "invalid_value", "prompt[0]"),
        ({"prompt": ["x"] * 5, "n": 13}, "invalid_value", "n"),
        ({"prompt": "x", "echo": True}, "unsupported_parameter", "echo"),
        ({"prompt": "x", "best_of": 3}, "unsupported_parameter", "best_of"),
        ({"prompt": "x", "suffix": "y"}, "unsupported_parameter", "suffix"),
        ({"prompt": "x", "logprobs": 0}, "unsupported_parameter", "logprobs"),
        ({"prompt": "x", "messages": []}, "unknown_parameter", "messages"),
    ],
)
def test_a_text_that_cannot_be_gone_on_with_is_named(
    page: RunningPage, settings: dict[str, Any], code: str, param: str
) -> None:
    assert refusal(page, {"model": "starter"} | settings, "/v1/completions") == (400, code, param)


def test_what_nobody_knows_is_refused_by_name(page: RunningPage) -> None:
    assert refusal(page, ASKED | {"tempreature": 1}) == (400, "unknown_parameter", "tempreature")


@pytest.mark.parametrize(
    "settings", [{"stream_options": {"include_usage": True}}, {"max_tokens": 5, "max_completion_tokens": 6}]
)
def test_settings_that_do_not_go_together_are_refused(page: RunningPage, settings: dict[str, Any]) -> None:
    assert refusal(page, ASKED | settings) == (400, "invalid_value", None)


@pytest.mark.parametrize(
    "name", ["gone", "../models/tiny", "/etc", "", "starter/", "gone@0.5", "a" * 5000, "\N{SNOWMAN}"]
)
def test_a_model_that_is_not_there_is_not_found(page: RunningPage, name: str) -> None:
    assert refusal(page, ASKED | {"model": name}) == (404, "model_not_found", "model")


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b'{"model": "\\ud800"}', b"\xff", b"[" * 100_000, b'"' + b"x" * 100 + b'"'],
)
def test_what_is_no_json_object_is_said_to_be_none(page: RunningPage, body: bytes) -> None:
    answer = post(page, CHAT, body)
    assert (answer.status, json.loads(answer.body)["error"]["code"]) == (400, "invalid_json")


def test_a_megabyte_is_refused_with_the_limit(page: RunningPage) -> None:
    answer = post(page, CHAT, json.dumps(ASKED | {"model": "x" * 1_000_000}).encode())
    assert answer.status == 413 and "1,000,000 bytes" in answer.body


def test_a_conversation_that_no_model_reads_is_refused_with_the_limit(page: RunningPage) -> None:
    long = [{"role": "user", "content": "moo " * 60_000}]
    answer = post(page, CHAT, json.dumps(ASKED | {"messages": long}).encode())
    assert answer.status == 413 and "240,000 characters, and at most 200,000" in answer.body


@pytest.mark.parametrize(
    ("method", "target"),
    [("POST", "/v1/embeddings"), ("GET", CHAT), ("GET", "/v1"), ("DELETE", "/v1/models"), ("GET", "/v1/../")],
)
def test_what_is_not_offered_is_said_to_be_none(page: RunningPage, method: str, target: str) -> None:
    member = [("Host", "localhost"), ("Authorization", f"Bearer {page.token}")]
    answer = ask(page.port, target, member, method)
    assert (answer.status, json.loads(answer.body)["error"]["code"]) == (404, "unknown_url")


@pytest.mark.slow
def test_what_asks_for_none_of_it_is_passed_and_answered(page: RunningPage) -> None:
    """As clients send it that name each setting with what it is without them."""
    neutral = {
        "frequency_penalty": 0,
        "presence_penalty": 0.0,
        "logit_bias": None,
        "tools": [],
        "response_format": {"type": "text"},
        "user": "ann",
        "metadata": {"a": "b"},
        "stop": None,
        "n": None,
        "stream": False,
        "temperature": 0,
    }
    answer = post(page, CHAT, json.dumps(ASKED | neutral).encode())
    assert answer.status == 200, answer.body
    address = f"http://127.0.0.1:{page.port}/v1"
    with OpenAI(base_url=address, api_key=api_key(page.root), max_retries=0) as client:
        stream = client.chat.completions.create(model="starter", messages=ASKED["messages"], temperature=0, stream=True)
        streamed = "".join(piece.choices[0].delta.content or "" for piece in stream)
    assert json.loads(answer.body)["choices"][0]["message"]["content"] == streamed != ""
