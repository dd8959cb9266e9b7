"""What lasts: answers that are left, a worker that is killed, a model that nobody asks, and a full waiting room."""

import json
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import openai
import psutil
import pytest

from tests.server.asked_server import HELLO, MODEL, AskedServer, fill, serve
from tests.server.wire import ask
from workbench.jobs.files import read_json, write_json
from workbench.server.openai.shapes import MOST_CHOICES

pytestmark = pytest.mark.slow

LONG: dict[str, Any] = {"model": "endless", "messages": HELLO, "max_tokens": 4000, "temperature": 0, "n": MOST_CHOICES}
"""As many answers as are written at a time, by a model that finds no end."""
SHORT: dict[str, Any] = {"model": "endless", "messages": HELLO, "max_tokens": 2}
REFUSAL = "{% if messages|length == 2 %}{{ raise_exception('one question at a time') }}{% endif %}"
SOON_SECONDS = 60


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, tiny_model: Path) -> Iterator[AskedServer]:
    root = tmp_path_factory.mktemp("asked")
    fill(root, tiny_model)
    make_endless(root / "models" / "endless", tiny_model)
    with serve(root) as running:
        yield running


def make_endless(folder: Path, tiny_model: Path) -> None:
    """The tiny model, whose likeliest word is always the same, with room for thousands; it refuses two questions."""
    shutil.copytree(tiny_model, folder)
    template = folder / "chat_template.jinja"
    template.write_text(REFUSAL + template.read_text())
    config = read_json(folder / "config.json")
    write_json(folder / "config.json", config | {"max_position_embeddings": 8192})


def the_worker(server: AskedServer) -> psutil.Process:
    children = psutil.Process(server.page.process.pid).children()
    alive = [child for child in children if child.status() != psutil.STATUS_ZOMBIE]
    (worker,) = [child for child in alive if "workbench.chat.worker" in " ".join(child.cmdline())]
    return worker


class Asker:
    """A program that asks over a socket of its own, and may go away at any time."""

    def __init__(self, server: AskedServer, **settings: Any) -> None:
        body = json.dumps(settings).encode()
        head = f"POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {server.key}\r\n"
        self._socket = socket.create_connection(("127.0.0.1", server.page.port), timeout=SOON_SECONDS)
        self._socket.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)

    def hear(self) -> str:
        """What comes next."""
        self._socket.settimeout(SOON_SECONDS)
        return self._socket.recv(65536).decode(errors="replace")

    def hears_within(self, seconds: float) -> str:
        """What comes within a short time; "" if nothing does."""
        self._socket.settimeout(seconds)
        try:
            return self._socket.recv(65536).decode(errors="replace")
        except TimeoutError:
            return ""

    def leave(self) -> None:
        self._socket.close()


def who_has_to_wait(server: AskedServer) -> Asker:
    """The first whose turn does not come at once, since so many are written already."""
    while (asker := Asker(server, **SHORT)).hears_within(1):
        asker.leave()
    return asker


def crowd(server: AskedServer) -> list[Asker]:
    """As many as find a place, and the first that is told that there is none."""
    askers = [Asker(server, **LONG)]
    while not (answer := askers[-1].hears_within(1)):
        askers.append(Asker(server, **LONG))
    assert "429 Too Many Requests" in answer and "retry-after: " in answer
    return askers


@contextmanager
def suspended(worker: psutil.Process) -> Iterator[None]:
    worker.suspend()
    try:
        yield
    finally:
        worker.resume()


@pytest.mark.parametrize("stream", [True, False])
def test_who_leaves_in_the_middle_frees_the_place_for_the_next(server: AskedServer, stream: bool) -> None:
    leaving = Asker(server, **LONG, stream=stream)
    waiting = who_has_to_wait(server)
    leaving.leave()
    assert "200 OK" in waiting.hear()


def test_who_leaves_before_its_turn_frees_the_place_for_the_next(server: AskedServer) -> None:
    server.client.chat.completions.create(**SHORT)
    with suspended(the_worker(server)):
        waiting = crowd(server)
        waiting.pop(0).leave()
        while (last := Asker(server, **SHORT)).hears_within(1):
            last.leave()
    for asker in waiting:
        asker.leave()
    assert "200 OK" in last.hear()


def test_a_worker_that_is_killed_is_told_and_the_next_question_works(server: AskedServer) -> None:
    create = server.client.chat.completions.create
    create(**SHORT)
    stream = create(stream=True, **LONG)
    assert next(stream).choices
    the_worker(server).kill()
    with pytest.raises(openai.APIError, match="ended unexpectedly"):
        list(stream)
    assert create(**SHORT).choices
    whole = Asker(server, **LONG)
    assert whole.hears_within(1) == ""
    the_worker(server).kill()
    assert "503 Service Unavailable" in whole.hear()
    assert create(**SHORT).choices


def test_a_model_that_the_page_lets_go_for_a_run_is_told_and_comes_back(server: AskedServer) -> None:
    create = server.client.chat.completions.create
    stream = create(stream=True, **LONG)
    assert next(stream).choices
    member = [("Host", "localhost"), ("Authorization", f"Bearer {server.page.token}")]
    assert ask(server.page.port, "/let-go", member, "POST").status == 200
    with pytest.raises(openai.APIError, match="let go"):
        list(stream)
    assert create(**SHORT).choices


def test_a_result_that_is_deleted_is_gone_and_the_others_answer(server: AskedServer) -> None:
    create = server.client.chat.completions.create
    assert create(**SHORT | {"model": "parrot"}).choices
    shutil.rmtree(server.root / "runs" / "parrot")
    with pytest.raises(openai.NotFoundError):
        create(**SHORT | {"model": "parrot"})
    assert create(**SHORT | {"model": "pirate"}).choices


def test_what_the_model_cannot_read_is_the_fault_of_who_asked(server: AskedServer) -> None:
    with pytest.raises(openai.BadRequestError, match="one question at a time"):
        server.client.chat.completions.create(**SHORT | {"messages": HELLO * 2})


def test_a_model_that_nobody_asks_is_let_go(root: Path, tiny_model: Path) -> None:
    fill(root, tiny_model)
    with serve(root, "--chat-idle-minutes", "0.02") as server:
        create = server.client.chat.completions.create
        asked = SHORT | {"model": MODEL}
        with create(stream=True, **asked) as stream:
            worker = the_worker(server)
            list(stream)
        assert psutil.wait_procs([worker], timeout=SOON_SECONDS)[0]
        assert create(**asked).choices
