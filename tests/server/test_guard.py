"""The guard, over real sockets: who gets in, who does not, and what every answer carries."""

import asyncio
from typing import Any

import pytest

from tests.server.conftest import RunningPage
from tests.server.wire import Answer, Headers, ask
from workbench.server.access import Access
from workbench.server.guard import Guard

LINK_FOLLOWED = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}


def ask_as_member(page: RunningPage, target: str = "/", method: str = "GET", **headers: str) -> Answer:
    """With the token and a good Host unless `headers` says otherwise; `_` stands for `-` in their names."""
    fields = {"Host": f"localhost:{page.port}", "Authorization": f"Bearer {page.token}"}
    fields |= {name.replace("_", "-"): value for name, value in headers.items()}
    return ask(page.port, target, list(fields.items()), method, b"12345" if method == "POST" else b"")


@pytest.mark.parametrize(
    "host", ["localhost:{port}", "127.0.0.1:{port}", "[::1]:{port}", "LOCALHOST:9000", "localhost", "lab-pc:80"]
)
def test_our_own_names_are_answered_on_any_port(page: RunningPage, host: str) -> None:
    assert ask_as_member(page, Host=host.format(port=page.port)).status == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example:{port}",
        "localhost.evil.example",
        "evil.example@localhost:{port}",
        "localhost:{port}.evil.example",
        "127.0.0.1.nip.io:{port}",
        "0.0.0.0:{port}",
        "[::1",
        "localhost:99999999",
        "",
    ],
)
def test_every_other_host_is_refused(page: RunningPage, host: str) -> None:
    for target in ("/", "/healthz", f"/?token={page.token}"):
        assert ask_as_member(page, target, Host=host.format(port=page.port)).status == 403


@pytest.mark.parametrize("names", [(), ("localhost", "localhost"), ("localhost", "evil.example")])
def test_there_must_be_one_host_header(page: RunningPage, names: tuple[str, ...]) -> None:
    headers: Headers = [("Authorization", f"Bearer {page.token}"), *(("Host", name) for name in names)]
    assert ask(page.port, "/", headers).status in (400, 403)


@pytest.mark.parametrize("hosts", [[b"localhost", b"localhost"], []])
def test_the_guard_itself_counts_the_hosts(hosts: list[bytes]) -> None:
    """The server in front may refuse such a request first; the guard does not rely on it."""
    scope = {
        "type": "http",
        "method": "GET",
        "path": "/",
        "query_string": b"",
        "headers": [(b"host", h) for h in hosts],
    }
    assert asyncio.run(send_through(scope))[0]["status"] == 403


def test_a_websocket_is_refused(page: RunningPage) -> None:
    assert asyncio.run(send_through({"type": "websocket"})) == [{"type": "websocket.close", "code": 1008}]
    upgrade = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec_WebSocket_Version": "13", "Sec_WebSocket_Key": "x"}
    assert ask_as_member(page, **upgrade).status != 101


async def send_through(scope: dict[str, Any]) -> list[Any]:
    async def never(*_: Any) -> Any:
        raise AssertionError("the request passed the guard")

    sent: list[Any] = []

    async def keep(message: Any) -> None:
        sent.append(message)

    await Guard(never, Access("t" * 43, "k" * 43))(scope, never, keep)
    return sent


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "OPTIONS", "DELETE"])
@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example",
        "null",
        "http://localhost:1",
        "http://127.0.0.1:{port}",
        "http://localhost:{port}.evil",
        "",
    ],
)
def test_another_origin_is_refused(page: RunningPage, method: str, origin: str) -> None:
    assert ask_as_member(page, "/echo", method, Origin=origin.format(port=page.port)).status == 403


def test_our_own_origin_is_heard(page: RunningPage) -> None:
    assert ask_as_member(page, "/echo", "POST", Origin=f"http://localhost:{page.port}").body == '{"bytes":5}'


@pytest.mark.parametrize("site", ["cross-site", "same-site", "nonsense"])
def test_a_request_of_another_page_is_refused(page: RunningPage, site: str) -> None:
    assert ask_as_member(page, "/", Sec_Fetch_Site=site, Sec_Fetch_Mode="cors").status == 403
    assert ask_as_member(page, "/echo", "POST", Sec_Fetch_Site=site).status == 403


@pytest.mark.parametrize("site", ["same-origin", "none"])
def test_a_request_of_our_page_or_the_address_bar_is_heard(page: RunningPage, site: str) -> None:
    assert ask_as_member(page, "/echo", "POST", Sec_Fetch_Site=site).status == 200


def test_a_link_on_another_page_leads_here_but_its_forms_and_frames_do_not(page: RunningPage) -> None:
    assert ask_as_member(page, "/", **LINK_FOLLOWED).status == 200
    assert ask_as_member(page, "/echo", "POST", **LINK_FOLLOWED).status == 403
    assert ask_as_member(page, "/", **LINK_FOLLOWED | {"Sec-Fetch-Dest": "iframe"}).status == 403


@pytest.mark.parametrize("content_type", ["multipart/form-data; boundary=x", "text/plain", "application/json"])
def test_no_kind_of_upload_comes_in_from_another_page(page: RunningPage, content_type: str) -> None:
    foreign = {"Origin": "http://evil.example", "Sec_Fetch_Site": "cross-site", "Content_Type": content_type}
    assert ask_as_member(page, "/echo", "POST", **foreign).status == 403
    assert ask_as_member(page, "/echo", "POST", Content_Type=content_type).status == 200


@pytest.mark.parametrize("target", ["/", "/echo", "/healthz/", "/healthz%3f", "//healthz", "/?token=wrong", "/?token="])
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "OPTIONS"])
@pytest.mark.parametrize("credential", ["", "Bearer", "Bearer wrong", "Basic {token}", "Bearer {token}x"])
def test_without_the_token_there_is_only_the_sign_in_page(
    page: RunningPage, target: str, method: str, credential: str
) -> None:
    answer = ask_as_member(page, target, method, Authorization=credential.format(token=page.token))
    assert answer.status == 401
    assert ("python -m workbench serve" in answer.body) == (method != "HEAD")


def test_health_needs_no_token(page: RunningPage) -> None:
    answer = ask(page.port, "/healthz", [("Host", "localhost")])
    assert answer.status == 200 and '"app":"lora-workbench"' in answer.body
    assert page.token not in answer.body and str(page.root) not in answer.body


@pytest.mark.parametrize("target", ["/", "/echo", "/healthz", "/crash", "/missing", "/?token={token}"])
@pytest.mark.parametrize("host", ["localhost", "evil.example"])
@pytest.mark.parametrize("credential", ["Bearer {token}", ""])
def test_every_answer_carries_the_safe_headers(page: RunningPage, target: str, host: str, credential: str) -> None:
    authorization = credential.format(token=page.token)
    headers = ask_as_member(page, target.format(token=page.token), Host=host, Authorization=authorization).headers
    assert headers["content-security-policy"].startswith("default-src 'self';")
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
