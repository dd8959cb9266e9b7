"""What may go wrong around a chat's worker: it is told in a sentence, and the next question is answered."""

import dataclasses
import resource
import shutil
import signal
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psutil
import pytest

from tests.chat.asking import ask_both
from tests.conftest import share_kernels
from tests.methods.made import make_adapter
from tests.tiny import KINDS, make_model
from workbench.chat.client import ChatClient
from workbench.chat.protocol import Event, Question, Target
from workbench.config.sampling import Sampling
from workbench.errors import WorkbenchError
from workbench.models.facts import facts

pytestmark = pytest.mark.slow

LONG = Sampling(max_new_tokens=200, temperature=1.5)


@pytest.fixture
def client(tmp_path: Path) -> Iterator[ChatClient]:
    share_kernels(tmp_path)
    with closing(ChatClient(tmp_path / "cache" / "chat.log")) as opened:
        yield opened


@pytest.fixture
def adapter(tiny_model: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "adapter"
    folder.mkdir()
    make_adapter("lora", facts(tiny_model), folder)
    return folder


@pytest.fixture(params=["auto", "standard"])
def question(request: pytest.FixtureRequest, tiny_model: Path, adapter: Path) -> Question:
    """On the fast path, and on the standard one."""
    return dataclasses.replace(ask_both(tiny_model, adapter), engine=request.param)


def the_worker() -> psutil.Process:
    (worker,) = [p for p in psutil.Process().children() if "workbench.chat.worker" in " ".join(p.cmdline())]
    return worker


def of_original(question: Question) -> Question:
    return dataclasses.replace(question, targets=question.targets[:1])


def kinds(events: list[Event]) -> list[str]:
    return [event.kind for event in events]


def test_each_who_asks_is_told_that_the_worker_was_killed(client: ChatClient, question: Question) -> None:
    long = dataclasses.replace(question, sampling=LONG)
    asked = [client.ask(long, who) for who in ("one", "two")]
    for events in asked:
        next(event for event in events if event.kind == "text")
    the_worker().send_signal(signal.SIGKILL)
    for events in asked:
        with pytest.raises(WorkbenchError, match="ended unexpectedly"):
            list(events)
    assert kinds(list(client.ask(question)))[-3:] == ["done", "done", "end"]


def test_a_model_too_large_for_the_memory_is_said_and_others_are_answered(
    client: ChatClient, question: Question, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wide = KINDS["llama"] | {"hidden_size": 1024, "intermediate_size": 8192}
    monkeypatch.setitem(KINDS, "llama", wide)
    large = dataclasses.replace(of_original(question), model=str(make_model(tmp_path / "large")))
    assert kinds(list(client.ask(question)))[-1] == "end"
    worker = the_worker()
    room = worker.memory_info().vms + 100_000_000
    resource.prlimit(worker.pid, resource.RLIMIT_AS, (room, room))
    with pytest.raises(WorkbenchError, match="not enough memory"):
        list(client.ask(large))
    assert kinds(list(client.ask(question)))[-1] == "end"
    assert the_worker() == worker


def test_an_adapter_that_was_deleted_is_missed_and_the_others_go_on(client: ChatClient, question: Question) -> None:
    running = client.ask(dataclasses.replace(question, sampling=LONG), "one")
    next(event for event in running if event.kind == "text")
    shutil.rmtree(question.targets[1].adapter)
    asked = client.ask(question, "two")
    with pytest.raises(WorkbenchError, match="not there any more"):
        assert all(event.kind == "waiting" for event in asked)
    assert kinds(list(running))[-1] == "end"
    assert "loading" not in kinds(list(client.ask(of_original(question))))


def test_a_model_that_was_deleted_is_missed_and_comes_back(
    client: ChatClient, question: Question, tmp_path: Path
) -> None:
    moved = Path(shutil.copytree(question.model, tmp_path / "moved"))
    asked = dataclasses.replace(of_original(question), model=str(moved))
    assert kinds(list(client.ask(asked)))[-1] == "end"
    shutil.rmtree(moved)
    assert kinds(list(client.ask(of_original(question))))[-1] == "end"
    with pytest.raises(WorkbenchError, match="moved"):
        list(client.ask(asked))
    shutil.copytree(question.model, moved)
    assert kinds(list(client.ask(asked)))[-1] == "end"


def test_a_stop_is_heard_within_a_long_prompt(
    client: ChatClient, question: Question, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(KINDS, "llama", KINDS["llama"] | {"max_position_embeddings": 200_000})
    model = make_model(tmp_path / "long")
    talk = ({"role": "user", "content": "moo " * 40_000},)
    asked = dataclasses.replace(question, model=str(model), targets=(Target("original", talk),))
    for event in (events := client.ask(asked, "one")):
        if event.kind == "begun":
            break
    assert event.tokens > 40_000
    began = time.monotonic()
    client.stop("one")
    assert [event.reason for event in events if event.kind == "done"] == ["stopped"]
    assert time.monotonic() - began < 1


def test_a_prompt_of_a_megabyte_is_refused_at_once(client: ChatClient, question: Question) -> None:
    talk = ({"role": "user", "content": "moo " * 262_144},)
    began = time.monotonic()
    with pytest.raises(WorkbenchError, match="at most"):
        list(client.ask(dataclasses.replace(question, targets=(Target("original", talk),))))
    assert time.monotonic() - began < 1
    assert client.held_bytes() == 0


def test_what_was_closed_while_several_asked_holds_nothing(client: ChatClient, question: Question) -> None:
    long = dataclasses.replace(question, sampling=LONG)
    asked = [client.ask(long, who) for who in ("one", "two")]
    for events in asked:
        next(event for event in events if event.kind == "text")
    worker = the_worker()
    client.close()
    assert not worker.is_running()
    assert client.held_bytes() == 0
    assert all("end" not in kinds(list(events)) for events in asked)
