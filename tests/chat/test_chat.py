"""Chat with a real worker process, on a tiny model and its adapter."""

import signal
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psutil
import pytest

from workbench.chat.client import ChatClient
from workbench.chat.protocol import Event, Question, Target
from workbench.config.sampling import Sampling
from workbench.errors import WorkbenchError

HELLO = ({"role": "user", "content": "Hello!"},)


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
    with closing(ChatClient(tmp_path_factory.mktemp("chat") / "chat.log")) as opened:
        yield opened


@pytest.fixture
def question(tiny_model: Path, adapter: Path) -> Question:
    return Question(
        model=str(tiny_model),
        precision="fp32",
        template="auto",
        targets=(Target("original", HELLO), Target("tuned", HELLO, str(adapter))),
        sampling=Sampling(max_new_tokens=12),
    )


def texts(events: list[Event]) -> dict[str, str]:
    found: dict[str, str] = {}
    for event in events:
        if event.target:
            found[event.target] = found.get(event.target, "") + event.text
    return found


def test_both_answer_side_by_side_from_one_question(client: ChatClient, question: Question) -> None:
    events = list(client.ask(question))
    assert events[-1].kind == "end"
    answers = texts(events)
    assert answers["original"] != answers["tuned"]
    streamed = [event.target for event in events if event.kind == "text"]
    assert streamed[:4] == ["original", "tuned", "original", "tuned"]
    assert all(event.tokens <= 12 and event.seconds > 0 for event in events if event.kind == "done")


def test_the_original_answers_as_if_there_were_no_adapter(client: ChatClient, question: Question) -> None:
    import dataclasses

    alone = dataclasses.replace(question, targets=(Target("original", HELLO),))
    both = texts(list(client.ask(question)))["original"]
    assert texts(list(client.ask(alone)))["original"] == both


def test_closing_the_iterator_stops_and_the_next_question_works(client: ChatClient, question: Question) -> None:
    import dataclasses

    long = dataclasses.replace(question, sampling=Sampling(max_new_tokens=200, temperature=1.5))
    events = client.ask(long)
    for event in events:
        if event.kind == "text":
            break
    events.close()  # type: ignore[attr-defined]
    assert list(client.ask(question))[-1].kind == "end"


def test_an_error_is_told_and_the_worker_lives_on(client: ChatClient, question: Question, tmp_path: Path) -> None:
    import dataclasses

    with pytest.raises(WorkbenchError):
        list(client.ask(dataclasses.replace(question, model=str(tmp_path))))
    assert list(client.ask(question))[-1].kind == "end"


def test_a_killed_worker_is_said_and_started_anew(client: ChatClient, question: Question) -> None:
    list(client.ask(question))
    (worker,) = [p for p in psutil.Process().children() if "workbench.chat.worker" in " ".join(p.cmdline())]
    events = client.ask(question)
    next(events)
    worker.send_signal(signal.SIGKILL)
    with pytest.raises(WorkbenchError, match="ended"):
        list(events)
    assert list(client.ask(question))[-1].kind == "end"
