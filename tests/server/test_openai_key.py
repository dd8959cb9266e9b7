"""The key for programs: it opens the addresses for programs and nothing else, and those open to no cookie."""

import json

import pytest

from tests.server.conftest import RunningPage
from tests.server.wire import Answer, ask
from workbench.runs.keys import api_key

HOME, MODELS = "/", "/v1/models"


def ask_with(page: RunningPage, target: str, key: str, **headers: str) -> Answer:
    fields = {"Host": "localhost", "Authorization": f"Bearer {key}"}
    fields |= {name.replace("_", "-"): value for name, value in headers.items()}
    return ask(page.port, target, list(fields.items()))


def error_of(answer: Answer) -> dict[str, str]:
    error: dict[str, str] = json.loads(answer.body)["error"]
    return error


def test_it_opens_the_addresses_for_programs(page: RunningPage) -> None:
    assert ask_with(page, MODELS, api_key(page.root)).status != 401


@pytest.mark.parametrize("target", [HOME, "/echo", "/v1x", "//v1/models", "/V1/models", "/poll/v1/", "/?token={key}"])
def test_it_opens_nothing_else(page: RunningPage, target: str) -> None:
    key = api_key(page.root)
    answer = ask_with(page, target.format(key=key), key)
    assert answer.status == 401 and "set-cookie" not in answer.headers


def test_the_token_opens_them_too(page: RunningPage) -> None:
    assert ask_with(page, MODELS, page.token).status != 401


@pytest.mark.parametrize("target", [MODELS, "/v1", "/v1/", "/v1/nowhere", f"{MODELS}?token={{token}}"])
@pytest.mark.parametrize("key", ["", "wrong", "{token}x"])
def test_without_a_key_a_program_is_told_so_in_its_own_form(page: RunningPage, target: str, key: str) -> None:
    answer = ask_with(page, target.format(token=page.token), key.format(token=page.token))
    assert answer.status == 401 and answer.headers["www-authenticate"] == "Bearer"
    assert error_of(answer)["code"] == "invalid_api_key"


def test_a_cookie_is_no_key(page: RunningPage) -> None:
    cookie = f"workbench-default={page.token}"
    assert ask(page.port, HOME, [("Host", "localhost"), ("Cookie", cookie)]).status == 200
    assert ask(page.port, MODELS, [("Host", "localhost"), ("Cookie", cookie)]).status == 401


@pytest.mark.parametrize("headers", [{"Host": "evil.example"}, {"Origin": "http://evil.example"}, {"Origin": "null"}])
def test_other_hosts_and_pages_are_refused_also_with_the_key(page: RunningPage, headers: dict[str, str]) -> None:
    answer = ask_with(page, MODELS, api_key(page.root), **headers)
    assert answer.status == 403 and error_of(answer)["code"] == "forbidden"
    assert "access-control-allow-origin" not in answer.headers
