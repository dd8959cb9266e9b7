"""The showcase, over real sockets: what there is, and that there is nothing else."""

from pathlib import Path

import pytest

from tests.recorded_run import RecordedRun
from tests.server.audience import HOSTILE, Guest, RunningShowcase
from tests.server.wire import ask
from workbench.cli import main


def test_the_page_has_a_title_and_examples_as_text(guest: Guest) -> None:
    page = guest.send("/").read().decode()
    assert HOSTILE not in page and "&lt;script&gt;alert(1)&lt;/script&gt;</h1>" in page
    assert "Ahoy &amp; &lt;b&gt;hello&lt;/b&gt;</button>" in page


def test_both_answer(guest: Guest) -> None:
    said = {"original": "", "tuned": ""}
    for row in guest.ask(f"Ahoy {HOSTILE}").rows():
        if "who" in row:
            said[row["who"]] += row["text"]
    assert said == {name: f"Ahoy {HOSTILE} says {name[::-1]}" for name in ("original", "tuned")}


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/info",
        "/config",
        "/v1/models",
        "/v1/chat/completions",
        "/healthz",
        "/docs",
        "/openapi.json",
        "/file=/etc/passwd",
        "/static/page.js",
        "/page.html",
        "/app.py",
        "/../token",
        "/style.css/../../worker.py",
        "/%2e%2e/%2e%2e/token",
        "/..%2f..%2ftoken",
        "//etc/passwd",
        "/runs/pirate-1/config.yaml",
        "/page.js%00.html",
        "/style.css/",
        "/room",
        "/room?key=wrong",
        "/room/qr.svg",
        "/favicon.ico",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT"])
def test_no_other_address_answers(guest: Guest, path: str, method: str) -> None:
    assert guest.send(path, method=method).status == 404


@pytest.mark.parametrize("path", ["/", "/?code=", "/?code=AAAAAA"])
def test_without_the_code_there_is_only_the_field_for_it(showcase: RunningShowcase, path: str) -> None:
    answer = Guest(showcase).send(path)
    page = answer.read().decode()
    assert answer.status == 401 and "Enter the code" in page
    assert "alert(1)" not in page and "Ahoy" not in page and showcase.code not in page


@pytest.mark.parametrize("path", ["/page.js", "/room.js", "/live", "/ask", "/vote"])
def test_without_the_code_nothing_works(showcase: RunningShowcase, path: str) -> None:
    body = b"hello" if path in ("/ask", "/vote") else None
    assert Guest(showcase).send(path, body).status == 401
    assert Guest(showcase, cookie=f"showcase-{showcase.port}=guessed").send(path, body).status == 401


def test_the_code_may_be_written_as_people_write(showcase: RunningShowcase) -> None:
    guest = Guest(showcase)
    written = f"+{showcase.code[:3].lower()}+{showcase.code[3:]}+"
    guest.keep(guest.send("/enter", f"code={written}"))
    assert guest.send("/").status == 200


def test_the_cookie_is_for_the_browser_alone(showcase: RunningShowcase) -> None:
    answer = Guest(showcase).send(f"/?code={showcase.code}")
    assert (answer.status, answer.getheader("location")) == (303, "/")
    assert {"HttpOnly", "SameSite=lax"} <= set((answer.getheader("set-cookie") or "").split("; "))


def test_wrong_codes_close_the_door_to_those_who_guess(showcase: RunningShowcase) -> None:
    guesser = Guest(showcase)
    answers = [guesser.send("/enter", f"code=WRONG{number}") for number in range(5)]
    assert [answer.status for answer in answers] == [401] * 4 + [429]
    assert b"Try again in 4 seconds." in answers[-1].read()
    assert guesser.send("/enter", f"code={showcase.code}").status == 429
    assert guesser.send(f"/?code={showcase.code}").status == 429
    assert Guest(showcase).come_in().send("/").status == 200


@pytest.mark.parametrize("host", ["evil.example", "lab-pc", "0.0.0.0", "127.0.0.1.nip.io", ""])
def test_a_foreign_name_is_refused(showcase: RunningShowcase, guest: Guest, host: str) -> None:
    headers = [("Host", host), ("Cookie", guest.cookie)]
    for path in ("/", f"/?code={showcase.code}", f"/room?key={showcase.key}", "/style.css"):
        assert ask(showcase.port, path, headers).status == 403


@pytest.mark.parametrize(
    "headers", [{"Origin": "http://evil.example"}, {"Origin": "null"}, {"Sec_Fetch_Site": "cross-site"}]
)
def test_a_foreign_page_is_refused(guest: Guest, headers: dict[str, str]) -> None:
    for path in ("/ask", "/vote", "/enter", "/room/ask"):
        assert guest.send(path, b"hello", **headers).status == 403
    assert guest.send("/live", **headers).status == 403


@pytest.mark.parametrize("path", ["/", "/style.css", "/page.js", "/missing", "/ask"])
def test_every_answer_carries_a_strict_policy(guest: Guest, path: str) -> None:
    policy = guest.send(path).getheader("content-security-policy") or ""
    assert policy.startswith("default-src 'none';") and "unsafe" not in policy and "http" not in policy


@pytest.mark.parametrize("body", [b"a" * 4001, (b"a" * 1000 for _ in range(1000))])
def test_a_question_has_a_limit(guest: Guest, body: object) -> None:
    answer = guest.send("/ask", body)
    assert answer.status == 413 and b"4,000" in answer.read()
    assert guest.ask("я" * 4000).status == 200


@pytest.mark.parametrize("path", ["/vote", "/enter"])
def test_nothing_longer_than_needed_is_read(guest: Guest, path: str) -> None:
    assert guest.send(path, b"{" + b" " * 256).status == 413


def test_an_empty_question_is_none(guest: Guest) -> None:
    assert guest.ask(" \n ").status == 400


def test_a_run_without_a_result_is_not_shown(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = RecordedRun(root).dir
    assert main(["serve", "--root", str(root), "--showcase", run.id]) == 2
    assert "pirate-1 has no result to show yet." in capsys.readouterr().err


@pytest.mark.parametrize(
    ("flags", "refusal"),
    [
        (["--lan"], "--lan opens a showcase, never the workbench itself. Add --showcase RUN."),
        (["--showcase", "pirate-1", "--host", "0.0.0.0"], "A showcase is not opened with --host."),
        (["--showcase", "missing"], "There is no run missing."),
        (["--showcase", "pirate-1", "--port", "70000"], "There is no port 70000."),
        (["--showcase", "pirate-1", "--title", "x" * 81], "The title has 81 characters."),
    ],
)
def test_what_cannot_be_is_said(root: Path, capsys: pytest.CaptureFixture[str], flags: list[str], refusal: str) -> None:
    RecordedRun(root).finish()
    assert main(["serve", "--root", str(root), *flags]) == 2
    assert refusal in capsys.readouterr().err


def test_a_taken_port_is_said(showcase: RunningShowcase, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    RecordedRun(root).finish()
    assert main(["serve", "--root", str(root), "--showcase", "pirate-1", "--port", str(showcase.port)]) == 2
    assert f"Port {showcase.port} is taken." in capsys.readouterr().err
