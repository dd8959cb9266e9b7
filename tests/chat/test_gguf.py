"""Chat with GGUF files: a real worker process, real llama.cpp, on the starter with an adapter merged into it."""

import os
import signal
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import pytest
import torch
from peft import PeftModel
from transformers import AutoModelForCausalLM, AutoTokenizer

from tests.conftest import share_kernels
from tests.export.gguf_made import made_model, tuned_run, write
from workbench.chat.client import ChatClient
from workbench.chat.protocol import LLAMA, Event, Question, Target
from workbench.chat.questions import TUNED, Answerer, question_to
from workbench.config.sampling import Sampling
from workbench.errors import WorkbenchError
from workbench.models.catalog import STARTER_FOLDER
from workbench.runs.run_dir import RunDir

pytestmark = [pytest.mark.slow, pytest.mark.needs_llama]

PROMPTS = ("Hello!", "What is seven plus five?", "Tell me a story.", "Naïve café, 42 🙂")
LONG = Sampling(temperature=2.0, max_new_tokens=900)
"""The random answers of a small model do not end soon."""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> RunDir:
    root = tmp_path_factory.mktemp("gguf") / "workspace"
    root.mkdir()
    share_kernels(root)
    return tuned_run(root, STARTER_FOLDER, "tuned")


@pytest.fixture(scope="module")
def file(run: RunDir) -> Path:
    return write(run, "gguf", "F32", run.root / "exported")


@pytest.fixture(scope="module")
def client(run: RunDir) -> Iterator[ChatClient]:
    with closing(ChatClient(run.root / "cache" / "chat.log")) as opened:
        yield opened


def asking(file: Path, words: str = "Hello!", sampling: Sampling | None = None) -> Question:
    target = Target("file", ({"role": "user", "content": words},))
    return Question(str(file), "", (target,), sampling or Sampling(max_new_tokens=40), engine=LLAMA)


def said(events: Iterator[Event]) -> dict[str, str]:
    found: dict[str, str] = {}
    for event in events:
        if event.kind in ("text", "done"):
            found[event.target] = found.get(event.target, "") + event.text
    return found


def llama() -> psutil.Process:
    """The process that reads GGUF files."""
    mine = psutil.Process().children()
    return next(child for child in mine if "workbench.chat.gguf.worker" in child.cmdline())


def test_a_file_answers_as_transformers_does(client: ChatClient, run: RunDir, file: Path) -> None:
    tokenizer: Any = AutoTokenizer.from_pretrained(STARTER_FOLDER)
    base = AutoModelForCausalLM.from_pretrained(STARTER_FOLDER, dtype=torch.float32)
    tuned: Any = PeftModel.from_pretrained(base, str(run.adapter_dir))
    for prompt in PROMPTS:
        asked = [{"role": "user", "content": prompt}]
        given = tokenizer.apply_chat_template(asked, add_generation_prompt=True, return_tensors="pt", return_dict=True)
        written = tuned.generate(**given, do_sample=False, max_new_tokens=40)[0, given["input_ids"].shape[1] :]
        due = tokenizer.decode(written, skip_special_tokens=True)
        assert said(client.ask(asking(file, prompt))) == {"file": due}


def test_a_file_answers_as_the_run_beside_it(client: ChatClient, run: RunDir, file: Path) -> None:
    turns = [{"role": "user", "content": "Can you help me?"}]
    beside = said(client.ask(question_to(run, {TUNED: (Answerer(run.id), turns)}, Sampling(max_new_tokens=40))))
    assert said(client.ask(asking(file, "Can you help me?"))) == {"file": beside[TUNED]}


def test_a_lora_file_answers_as_its_run_at_every_strength(
    client: ChatClient, run: RunDir, file: Path, tmp_path: Path
) -> None:
    base = write(tuned_run(run.root, STARTER_FOLDER, "untouched", untouched=True), "gguf", "F32", tmp_path / "base")
    lora = str(write(run, "gguf-lora", "F32", tmp_path / "lora"))
    turns = [{"role": "user", "content": "Hello!"}]
    strengths = {f"{strength:.0%}": strength for strength in (0, 0.25, 0.5, 1.0)}
    few = Sampling(max_new_tokens=20)
    targets = tuple(Target(name, tuple(turns), lora, strength=turned) for name, turned in strengths.items())
    found = said(client.ask(Question(str(base), "", targets, few, engine=LLAMA)))
    asked = {name: (Answerer(run.id, turned), turns) for name, turned in strengths.items()}
    assert found == said(client.ask(question_to(run, asked, few)))
    assert len(set(found.values())) > 2
    assert found["100%"] == said(client.ask(asking(file, sampling=few)))["file"]


def test_a_lora_file_of_another_model_is_refused(client: ChatClient, run: RunDir, file: Path, tmp_path: Path) -> None:
    other = tuned_run(run.root, made_model(tmp_path / "model", "llama"), "other")
    lora = write(other, "gguf-lora", "F32", tmp_path / "lora")
    asked = asking(file)
    with pytest.raises(WorkbenchError, match=f"{lora.name} does not fit"):
        said(client.ask(replace(asked, targets=(replace(asked.targets[0], adapter=str(lora)),))))
    assert said(client.ask(asked))["file"]


def test_chance_follows_the_seed(client: ChatClient, file: Path) -> None:
    lively = Sampling(temperature=1.0, max_new_tokens=20, seed=1)
    answers = [
        said(client.ask(asking(file, sampling=each)))["file"]
        for each in (lively, lively, Sampling(**lively.model_dump() | {"seed": 2}))
    ]
    assert answers[0] == answers[1] != answers[2]


def test_an_answer_is_cut_where_the_context_ends(client: ChatClient, file: Path) -> None:
    events = list(client.ask(asking(file, "word " * 600, LONG)))
    (done,) = (event for event in events if event.kind == "done")
    assert done.reason in ("context", "end")


def test_a_stop_is_heard_and_the_next_question_works(client: ChatClient, file: Path) -> None:
    events = client.ask(asking(file, sampling=LONG), "me")
    for event in events:
        if event.kind == "text":
            client.stop("me")
            break
    (done,) = (event for event in events if event.kind == "done")
    assert done.reason == "stopped"
    assert said(client.ask(asking(file)))["file"]


def test_a_killed_process_is_told_and_the_next_question_works(client: ChatClient, file: Path) -> None:
    events = client.ask(asking(file, sampling=LONG))
    assert next(event for event in events if event.kind == "text")
    os.kill(llama().pid, signal.SIGKILL)
    with pytest.raises(WorkbenchError, match="ended unexpectedly"):
        said(events)
    assert said(client.ask(asking(file)))["file"]


def test_a_file_takes_memory_that_is_counted_and_given_back(client: ChatClient, file: Path, tmp_path: Path) -> None:
    (tmp_path / "none.gguf").write_bytes(b"no model")
    said(client.ask(asking(file)))
    with_model = client.held_bytes()
    with pytest.raises(WorkbenchError):
        said(client.ask(asking(tmp_path / "none.gguf")))
    assert with_model - client.held_bytes() > 0.8 * file.stat().st_size
    process = llama()
    client.close()
    assert not process.is_running()
    assert client.held_bytes() == 0


@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        (lambda whole: whole[: len(whole) // 2], "is cut off"),
        (lambda whole: whole[:-1000], "llama.cpp cannot read"),
        (lambda whole: whole.replace(b"llama", b"alpac"), "alpac"),
        (lambda whole: whole.replace(b"blk.1.attn_q", b"blk.1.attn_x"), "blk.1.attn_q"),
        (lambda whole: whole.replace(b"tokenizer.ggml.tokens", b"tokenizer.ggml.tokenx"), "llama.cpp cannot read"),
    ],
)
def test_a_damaged_file_is_one_sentence_and_the_next_question_works(
    client: ChatClient, file: Path, tmp_path: Path, damage: Callable[[bytes], bytes], problem: str
) -> None:
    (tmp_path / "mine.gguf").write_bytes(damage(file.read_bytes()))
    with pytest.raises(WorkbenchError, match=problem) as caught:
        said(client.ask(asking(tmp_path / "mine.gguf")))
    assert "mine.gguf" in caught.value.message
    assert said(client.ask(asking(file)))["file"]


def test_a_file_that_memory_does_not_hold_is_refused(client: ChatClient, file: Path, tmp_path: Path) -> None:
    huge = tmp_path / "huge.gguf"
    huge.write_bytes(file.read_bytes())
    os.truncate(huge, 10**12)
    with pytest.raises(WorkbenchError, match=r"huge\.gguf takes 1000\.0 GB of memory"):
        said(client.ask(asking(huge)))


def test_a_file_that_was_written_anew_is_read_anew(client: ChatClient, file: Path, tmp_path: Path) -> None:
    copy = tmp_path / "mine.gguf"
    copy.write_bytes(file.read_bytes())
    said(client.ask(asking(copy)))
    copy.write_bytes(b"no model")
    with pytest.raises(WorkbenchError, match="not a GGUF file"):
        said(client.ask(asking(copy)))
