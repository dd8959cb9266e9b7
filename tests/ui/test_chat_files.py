"""GGUF files in the Talk view, without a browser: what is offered, and what is put to whom."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.chat.gguf_files import write_gguf
from tests.chat.keeping.kept import conversation, tuned
from workbench.chat.conversation import Conversation
from workbench.chat.keeping.conversations import keep, load
from workbench.chat.keeping.kept import why_read_only
from workbench.chat.keeping.votes import Vote, add_vote, describe_votes
from workbench.chat.protocol import LLAMA, Question
from workbench.chat.questions import Answerer
from workbench.errors import WorkbenchError
from workbench.ui.chat.files import tell_files
from workbench.ui.chat.wish import Wish, read_wish

MINE = {"file": "models/mine.gguf"}
WITH_LORA = MINE | {"lora": "exported/pirate/lora.gguf", "strength": 0.5}


@pytest.fixture
def with_files(root: Path) -> Path:
    write_gguf(root / MINE["file"])
    write_gguf(root / "exported" / "pirate" / "lora.gguf", "adapter")
    return root


def question(root: Path, *answerers: dict[str, Any], system: str = "", led: bool = True) -> Question:
    """What becomes of a question that the browser sends to these answerers."""
    run = tuned(root, data__system_prompt=system)
    named = {f"file-{number}": answerer for number, answerer in enumerate(answerers)}
    talk = conversation(run, ("Hello!", "Hello.", "Ahoy!")).to_json() | {"answerers": named}
    talk["exchanges"] = [{"prompt": "Hello!", "answers": {}, "vote": ""}]
    body = {"conversation": talk | {"lead": run.id if led else ""}, "names": list(named), "asker": "me"}
    return read_wish(json.dumps(body).encode()).question(root)


@pytest.mark.needs_llama
def test_files_are_offered_alone_and_with_what_fits_them(with_files: Path) -> None:
    (with_files / "models" / "bad.gguf").write_bytes(b"GG")
    told = tell_files(with_files)["files"]
    assert [(file["title"], file["about"], file["apart"]) for file in told] == [
        ("mine", "GGUF", ""),
        ("lora", "GGUF, on mine", ""),
        ("bad", "GGUF", "is cut off or damaged"),
    ]
    assert len({file["id"] for file in told}) == len(told)


def test_without_llama_the_choice_says_how_to_get_it(with_files: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "llama_cpp", None)
    told = tell_files(with_files)
    assert not told["files"]
    assert "requirements-gguf.txt" in told["no_files"]["hint"]
    with pytest.raises(WorkbenchError, match="not installed here"):
        question(with_files, MINE)


@pytest.mark.needs_llama
def test_a_file_is_asked_as_the_run_beside_it_is(with_files: Path) -> None:
    asked = question(with_files, MINE, WITH_LORA, system="Be brief.")
    assert (asked.engine, asked.model) == (LLAMA, str(with_files / MINE["file"]))
    alone, with_lora = asked.targets
    assert (alone.adapter, Path(with_lora.adapter).name, with_lora.strength) == ("", "lora.gguf", 0.5)
    assert [turn["content"] for turn in alone.messages] == ["Be brief.", "Hello!"]


def test_each_model_is_asked_by_itself() -> None:
    answerers = {
        "run": Answerer("pirate-1"),
        "mine": Answerer(file="a"),
        "half": Answerer(file="b"),
        "lora": Answerer(file="a", lora="c"),
    }
    wish = Wish(Conversation("pirate-1", answerers), ("run", "mine", "half", "lora"), "me")
    assert [part.names for part in wish.by_model()] == [("run",), ("mine", "lora"), ("half",)]


@pytest.mark.needs_llama
def test_a_file_without_a_run_is_asked_as_it_is(with_files: Path) -> None:
    (target,) = question(with_files, MINE, system="Be brief.", led=False).targets
    assert [turn["content"] for turn in target.messages] == ["Hello!"]


@pytest.mark.needs_llama
@pytest.mark.parametrize(
    ("answerers", "problem"),
    [
        (({"file": "models/gone.gguf"},), "gone.gguf is not in the workspace"),
        (({"file": "../../secret.gguf"},), "secret.gguf is not in the workspace"),
        ((MINE | {"lora": "/etc/passwd"},), "passwd is not in the workspace"),
        ((MINE, {"run_id": "pirate-1"}), "of different models"),
    ],
)
def test_what_is_no_file_of_the_workspace_is_refused(
    with_files: Path, answerers: tuple[dict[str, Any], ...], problem: str
) -> None:
    with pytest.raises(WorkbenchError, match=problem):
        question(with_files, *answerers)


def test_a_kept_conversation_tells_which_file_is_gone(with_files: Path) -> None:
    talk = conversation(tuned(with_files), ("Hello!", "Hello.", "Ahoy!")).to_json()
    talk["answerers"]["tuned"] = WITH_LORA
    kept = load(with_files, keep(with_files, Conversation.from_json(talk)).partition("@")[0])
    assert kept.names["tuned"] == "lora.gguf on mine.gguf"
    assert not why_read_only(with_files, kept)
    (with_files / MINE["file"]).unlink()
    assert "lora.gguf on mine.gguf is gone" in why_read_only(with_files, kept)


def test_a_vote_for_a_file_is_counted_under_its_name(with_files: Path) -> None:
    run = tuned(with_files)
    add_vote(run, Vote("talk/0", "Hello!", "file", {"original": Answerer(), "file": Answerer(file=MINE["file"])}))
    assert describe_votes(run) == "mine.gguf 1"


def test_a_conversation_without_a_run_is_kept_under_its_file(with_files: Path) -> None:
    talk = Conversation("", {"file": Answerer(file=MINE["file"])}).with_question("Hello!")
    kept = load(with_files, keep(with_files, talk).partition("@")[0])
    assert kept.lead_name == "mine.gguf"
    assert not why_read_only(with_files, kept)
