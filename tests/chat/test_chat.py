"""Chat with a real worker process, on a tiny model and its adapter."""

import dataclasses
import json
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from subprocess import PIPE

import psutil
import pytest

from tests.chat.asking import HELLO, ask_both
from tests.conftest import share_kernels
from workbench.chat.answering import answers
from workbench.chat.client import MOST_CHARACTERS, ChatClient
from workbench.chat.network.model import NetworkModel
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
        if event.kind in ("text", "done"):
            found[event.target] = found.get(event.target, "") + event.text
    return found


def workers() -> set[psutil.Process]:
    return {p for p in psutil.Process().children() if "workbench.chat.worker" in " ".join(p.cmdline())}


def the_worker() -> psutil.Process:
    (worker,) = workers()
    return worker


def reasons(events: list[Event]) -> list[str]:
    return [event.reason for event in events if event.kind == "done"]


def test_both_answer_side_by_side_from_one_question(client: ChatClient, question: Question) -> None:
    events = list(client.ask(question))
    assert events[-1].kind == "end"
    found = texts(events)
    assert found["original"] != found["tuned"]
    streamed = [event.target for event in events if event.kind == "text"]
    assert streamed[:4] == ["original", "tuned", "original", "tuned"]
    assert all(event.tokens <= 12 and event.seconds > 0 for event in events if event.kind == "done")


def test_the_original_answers_as_if_there_were_no_adapter(client: ChatClient, question: Question) -> None:
    alone = dataclasses.replace(question, targets=(Target("original", HELLO),))
    both = texts(list(client.ask(question)))["original"]
    assert texts(list(client.ask(alone)))["original"] == both


@pytest.mark.slow
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
    found = texts(list(client.ask(question)))
    targets = (question.targets[0], Target("tuned", HELLO, str(tmp_path)))
    others = texts(list(client.ask(dataclasses.replace(question, targets=targets))))
    assert others["original"] == found["original"]
    assert others["tuned"] not in found.values()


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
def test_an_idle_worker_ends_and_the_next_question_works(question: Question, tmp_path: Path) -> None:
    share_kernels(tmp_path)
    with closing(ChatClient(tmp_path / "cache" / "chat.log", idle_seconds=0.01)) as client:
        before = workers()
        events = client.ask(question)
        next(events)
        (worker,) = workers() - before
        assert list(events)[-1].kind == "end"
        assert psutil.wait_procs([worker], timeout=20)[0]
        assert list(client.ask(question))[-1].kind == "end"


def test_a_model_without_template_goes_on_with_the_text(question: Question) -> None:
    model = NetworkModel(question)
    alone = dataclasses.replace(question, targets=(Target("original", HELLO),))
    model.tokenizer_for(alone.targets[0]).chat_template = None
    events = list(answers(alone, model))
    assert events[-1].kind == "done"
    assert events[-1].tokens > 0


def test_a_beginning_tells_the_prompt_as_it_is_read(client: ChatClient, question: Question) -> None:
    begun = [event for event in client.ask(question) if event.kind == "begun"]
    assert [event.target for event in begun] == ["original", "tuned"]
    assert all("Hello!" in event.text and event.tokens > 3 for event in begun)


def test_text_is_gone_on_with_as_it_stands(client: ChatClient, question: Question) -> None:
    plain = dataclasses.replace(question, targets=(Target("original", text="Once upon"),))
    begun = next(event for event in client.ask(plain) if event.kind == "begun")
    assert begun.text.endswith("Once upon")
    assert "user" not in begun.text


def test_questions_of_several_askers_are_answered_side_by_side(client: ChatClient, question: Question) -> None:
    list(client.ask(question))
    long = dataclasses.replace(question, sampling=Sampling(max_new_tokens=120, temperature=1.5))
    first = client.ask(long, "one")
    kinds = [next(first).kind, next(first).kind]
    assert kinds == ["begun", "begun"]
    second = list(client.ask(question, "two"))
    assert texts(second) == texts(list(client.ask(question)))
    assert list(first)[-1].kind == "end"


def test_a_stop_is_for_one_asker_alone(client: ChatClient, question: Question) -> None:
    long = dataclasses.replace(question, sampling=Sampling(max_new_tokens=60, temperature=1.5))
    mine, theirs = client.ask(long, "mine"), client.ask(long, "theirs")
    for events in (mine, theirs):
        next(events)
    client.stop("mine")
    assert set(reasons(list(mine))) == {"stopped"}
    assert "stopped" not in reasons(list(theirs))


def test_a_question_to_another_model_waits_and_says_so(client: ChatClient, question: Question, tmp_path: Path) -> None:
    other = Path(shutil.copytree(question.model, tmp_path / "other"))
    long = dataclasses.replace(question, sampling=Sampling(max_new_tokens=120, temperature=1.5))
    first = client.ask(long)
    next(event for event in first if event.kind == "begun")
    there = client.ask(dataclasses.replace(question, model=str(other), targets=question.targets[:1]))
    assert next(there).kind == "waiting"
    assert list(first)[-1].kind == "end"
    assert [event.kind for event in there][:2] == ["loading", "loaded"]


def test_a_conversation_that_is_far_too_long_is_refused_with_the_limit(client: ChatClient, question: Question) -> None:
    talk = ({"role": "user", "content": "moo " * 262_144},)
    with pytest.raises(WorkbenchError, match=f"{MOST_CHARACTERS:,}"):
        next(client.ask(dataclasses.replace(question, targets=(Target("original", talk),))))


@pytest.mark.slow
def test_a_worker_whose_asker_has_died_ends_without_a_word(question: Question, tmp_path: Path) -> None:
    log, kernels = tmp_path / "log", tmp_path / "kernels"
    command = [sys.executable, "-m", "workbench.chat.worker", str(kernels)]
    request = json.dumps({"op": "ask", "number": 1, "question": question.to_json()}) + "\n"
    with (
        log.open("w") as errors,
        subprocess.Popen(command, stdin=PIPE, stdout=PIPE, stderr=errors, text=True) as worker,
    ):
        assert worker.stdin and worker.stdout
        worker.stdout.close()
        worker.stdin.write(request)
        worker.stdin.flush()
        assert worker.wait(120) == 0
    assert "Traceback" not in log.read_text()
