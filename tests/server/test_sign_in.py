"""The link with the token, the cookie it leaves, and the file the token lies in."""

import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.server.conftest import RunningPage
from tests.server.wire import Answer, ask
from workbench.errors import WorkbenchError
from workbench.runs.keys import api_key, page_token
from workbench.server.access import name_workspace


def follow_link(page: RunningPage, target: str, host: str = "localhost:9000", method: str = "GET") -> Answer:
    return ask(page.port, target.replace("TOKEN", page.token), [("Host", host)], method)


def test_the_link_leaves_a_lasting_cookie_and_takes_the_token_out_of_the_address(page: RunningPage) -> None:
    answer = follow_link(page, "/?token=TOKEN&tab=runs&name=a+%26b")
    assert (answer.status, answer.headers["location"]) == (303, "/?tab=runs&name=a+%26b")
    parts = answer.headers["set-cookie"].split("; ")
    assert parts[0] == f"workbench-9000={page.token}"
    assert {"HttpOnly", "SameSite=strict", "Max-Age=31536000", "Path=/"} <= set(parts)


def test_the_cookie_opens_the_page(page: RunningPage) -> None:
    cookie = follow_link(page, "/?token=TOKEN").headers["set-cookie"].split(";")[0]
    assert "The page" in ask(page.port, "/", [("Host", "localhost:9000"), ("Cookie", f"other=1; {cookie}")]).body


def test_the_cookie_of_another_port_does_not(page: RunningPage) -> None:
    cookie = follow_link(page, "/?token=TOKEN", host="localhost:9001").headers["set-cookie"].split(";")[0]
    assert ask(page.port, "/", [("Host", "localhost:9000"), ("Cookie", cookie)]).status == 401


def test_only_reading_signs_in(page: RunningPage) -> None:
    assert follow_link(page, "/?token=TOKEN", method="HEAD").status == 303
    answer = follow_link(page, "/echo?token=TOKEN", method="POST")
    assert answer.status == 401 and "set-cookie" not in answer.headers


@pytest.mark.parametrize("path", ["//evil.example", "/%5Cevil.example", "///evil.example/x", "/a%0d%0aX-Bad:%201"])
def test_the_link_never_leads_elsewhere(page: RunningPage, path: str) -> None:
    answer = follow_link(page, f"{path}?token=TOKEN")
    assert answer.status == 303
    assert answer.headers["location"].startswith("/") and answer.headers["location"][1] not in "/\\"
    assert "x-bad" not in answer.headers


@pytest.mark.parametrize(("read", "name"), [(page_token, "token"), (api_key, "api-key")])
def test_a_key_is_made_once_and_is_the_owners_alone(root: Path, read: Callable[[Path], str], name: str) -> None:
    key = read(root)
    assert len(key) >= 32 and read(root) == key
    assert stat.S_IMODE((root / name).stat().st_mode) == 0o600


def test_programs_have_a_key_of_their_own(root: Path) -> None:
    assert api_key(root) != page_token(root)


@pytest.mark.parametrize(("read", "name"), [(page_token, "token"), (api_key, "api-key")])
@pytest.mark.parametrize("content", [b"", b"\n", b"short", b"\xff\xfe" * 40])
def test_a_damaged_key_is_refused_rather_than_weak(
    root: Path, read: Callable[[Path], str], name: str, content: bytes
) -> None:
    (root / name).write_bytes(content)
    with pytest.raises(WorkbenchError, match="Delete it"):
        read(root)


def test_a_workspace_is_named_by_its_folder_and_its_token(root: Path) -> None:
    names = {name_workspace(root, "a"), name_workspace(root, "b"), name_workspace(root.parent, "a")}
    assert len(names) == 3 and name_workspace(root, "a") in names
