"""Chat with a real worker process, on a tiny model and its adapter."""

import dataclasses
import shutil
import signal
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psutil
import pytest

from tests.chat.asking import HELLO, ask_both
from tests.conftest import share_kernels
from workbench.chat import client as client_module
from workbench.chat.client import ChatClient
from workbench.chat.protocol import Event, Question, Target
from workbench.config.sampling import Sampling
from workbench.errors import WorkbenchError


@pytest.fixture(scope="module")
def adapter(tiny_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An adapter with weights of its own, so that its answers differ."""
    import torch
    from peft import LoraConfig, get_peft_model

    from workbench.models.load import load_model

    torch.manual_seed(1)
    settings = LoraConfig(r=4, target_modules=["q_proj", "down_proj"], init_lora_weights=False, task_type="CAUSAL_LM")
    folder = tmp_path_factory.mktemp("adapter")
    model = get_peft_model(load_model(tiny_model, "fp32", "cpu"), settings)
    for parameter in model.parameters():
        if parameter.requires_grad:
            parameter.data.mul_(20)
    model.save_pretrained(str(folder), save_embedding_layers=False)
    return folder


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChatClient]:
    root = tmp_path_factory.mktemp("chat")
    share_kernels(root)
    with closing(ChatClient(root / "cache" / "chat.log")) as opened:
        yield opened


@pytest.fixture
def question(tiny_model: Path, adapter: Path) -> Question:
    return ask_both(tiny_model, adapter)


def texts(events: list[Event]) -> dict[str, str]:
    found: dict[str, str] = {}
    for event in events:
        if event.target:
            found[event.target] = found.get(event.target, "") + event.text
    return found


def the_worker() -> psutil.Process:
    (worker,) = [p for p in psutil.Process().children() if "workbench.chat.worker" in " ".join(p.cmdline())]
    return worker


def reasons(events: list[Event]) -> list[str]:
    return [event.reason for event in events if event.kind == "done"]


def test_both_answer_side_by_side_from_one_question(client: ChatClient, question: Question) -> None:
    events = list(client.ask(question))
    assert events[-1].kind == "end"
    answers = texts(events)
    assert answers["original"] != answers["tuned"]
    streamed = [event.target for event in events if event.kind == "text"]
    assert streamed[:4] == ["original", "tuned", "original", "tuned"]
    assert all(event.tokens <= 12 and event.seconds > 0 for event in events if event.kind == "done")


def test_the_original_answers_as_if_there_were_no_adapter(client: ChatClient, question: Question) -> None:
    alone = dataclasses.replace(question, targets=(Target("original", HELLO),))
    both = texts(list(client.ask(question)))["original"]
    assert texts(list(client.ask(alone)))["original"] == both


def test_bottleneck_layers_answer_too(client: ChatClient, question: Question, tmp_path: Path) -> None:
    from peft import get_peft_model

    from workbench.methods.bottleneck_tuner import BottleneckConfig
    from workbench.models.load import load_model

    settings = BottleneckConfig(target_modules=["down_proj"], outer=64, inner=8, task_type="CAUSAL_LM")
    model = get_peft_model(load_model(Path(question.model), "fp32", "cpu"), settings)
    for parameter in model.parameters():
        if parameter.requires_grad:
            parameter.data.fill_(0.5)
    model.save_pretrained(str(tmp_path))
    answers = texts(list(client.ask(question)))
    targets = (question.targets[0], Target("tuned", HELLO, str(tmp_path)))
    others = texts(list(client.ask(dataclasses.replace(question, targets=targets))))
    assert others["original"] == answers["original"]
    assert others["tuned"] not in answers.values()


def test_closing_the_iterator_stops_and_the_next_question_works(client: ChatClient, question: Question) -> None:
    long = dataclasses.replace(question, sampling=Sampling(max_new_tokens=200, temperature=1.5))
    events = client.ask(long)
    for event in events:
        if event.kind == "text":
            break
    events.close()
    assert list(client.ask(question))[-1].kind == "end"


def test_an_error_is_told_and_the_worker_lives_on(client: ChatClient, question: Question, tmp_path: Path) -> None:
    with pytest.raises(WorkbenchError):
        list(client.ask(dataclasses.replace(question, model=str(tmp_path))))
    assert list(client.ask(question))[-1].kind == "end"


@pytest.mark.slow
def test_a_killed_worker_is_said_and_started_anew(client: ChatClient, question: Question) -> None:
    list(client.ask(question))
    worker = the_worker()
    events = client.ask(question)
    next(events)
    worker.send_signal(signal.SIGKILL)
    with pytest.raises(WorkbenchError, match="ended"):
        list(events)
    assert list(client.ask(question))[-1].kind == "end"


@pytest.mark.slow
def test_a_closed_client_holds_nothing_and_the_next_question_works(client: ChatClient, question: Question) -> None:
    list(client.ask(question))
    assert client.held_bytes() > 50e6
    events = client.ask(question)
    next(events)
    client.close()
    assert client.held_bytes() == 0
    assert not [event for event in events if event.kind == "end"]
    assert list(client.ask(question))[-1].kind == "end"


def test_closing_does_not_wait_for_the_worker(client: ChatClient, question: Question) -> None:
    events = client.ask(question)
    next(events)
    worker = the_worker()
    worker.suspend()
    try:
        closing_thread = threading.Thread(target=events.close, daemon=True)
        closing_thread.start()
        closing_thread.join(timeout=10)
        assert not closing_thread.is_alive()
    finally:
        worker.resume()
    assert texts(list(client.ask(question))).keys() == {"original", "tuned"}


@pytest.mark.slow
def test_a_stop_is_heard_while_the_model_loads(client: ChatClient, question: Question) -> None:
    client.close()
    events = client.ask(question)
    assert next(events).kind == "loading"
    client.stop()
    rest = list(events)
    assert reasons(rest) == ["stopped", "stopped"]
    assert not [event for event in rest if event.kind == "text"]


def test_an_answer_says_why_it_ended(client: ChatClient, question: Question) -> None:
    assert "length" in reasons(list(client.ask(dataclasses.replace(question, sampling=Sampling(max_new_tokens=1)))))
    talk = ({"role": "user", "content": "moo " * 400},)
    full = dataclasses.replace(question, targets=(Target("original", talk),))
    assert reasons(list(client.ask(full))) == ["context"]


@pytest.mark.slow
def test_an_idle_worker_ends_and_the_next_question_works(
    client: ChatClient, question: Question, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client_module, "IDLE_SECONDS", 0.0)
    events = client.ask(question)
    next(events)
    worker = the_worker()
    assert list(events)[-1].kind == "end"
    assert psutil.wait_procs([worker], timeout=20)[0]
    assert list(client.ask(question))[-1].kind == "end"


def test_another_adapter_takes_the_place_of_the_one_before(question: Question, adapter: Path, tmp_path: Path) -> None:
    from workbench.chat.generate import Round
    from workbench.chat.network_model import NetworkModel

    other = Path(shutil.copytree(adapter, tmp_path / "other"))
    moved = dataclasses.replace(question, targets=(question.targets[0], Target("tuned", HELLO, str(other))))
    model = NetworkModel(question)
    first, second = (texts(list(Round(asked).answers(model))) for asked in (question, moved))
    assert first == second
    assert list(model.network_for(moved.targets[1]).peft_config) == ["adapter-0"]


def test_a_model_without_template_goes_on_with_the_text(question: Question) -> None:
    from workbench.chat.generate import Round
    from workbench.chat.network_model import NetworkModel

    model = NetworkModel(question)
    model.tokenizer.chat_template = None
    alone = dataclasses.replace(question, targets=(Target("original", HELLO),))
    events = list(Round(alone).answers(model))
    assert events[-1].kind == "done"
    assert events[-1].tokens > 0
