"""Conversations outlive the page: saved after each answer, listed, renamed, deleted and brought back."""

import dataclasses
import json
import multiprocessing
import os
import signal
from pathlib import Path

import pytest

from tests.chat.keeping.kept import HOSTILE, conversation, tuned
from workbench.chat.conversation import Answer
from workbench.chat.keeping import trash
from workbench.chat.keeping.conversations import keep, list_kept, load, path_of, rename
from workbench.chat.keeping.kept import why_read_only
from workbench.errors import WorkbenchError
from workbench.runs import cleaning
from workbench.runs import trash as runs_trash

HELLO = ("Hello!", "Hi.", "Ahoy!")


def the_id(reference: str) -> str:
    return reference.partition("@")[0]


def test_a_conversation_comes_back_as_it_was_and_goes_on_in_its_file(root: Path) -> None:
    run = tuned(root)
    talk = conversation(run, HELLO)
    reference = keep(root, talk)
    assert load(root, the_id(reference)).conversation == talk
    longer = conversation(run, HELLO, ("Who are you?", "A model.", "A pirate."))
    assert the_id(keep(root, longer, reference)) == the_id(reference)
    assert [listed.questions for listed in list_kept(root)] == [2]
    assert keep(root, conversation(run), reference) == reference, "nothing is kept of no questions"


def test_each_prompt_as_read_is_kept_once(root: Path) -> None:
    kept = load(root, the_id(keep(root, conversation(tuned(root), HELLO, ("And you?", "x", "y")))))
    prompts = [exchange.answers["tuned"].prompt for exchange in kept.conversation.exchanges]
    assert prompts == ["", "<user>And you?"]


def test_the_list_is_newest_first_with_title_run_and_length(root: Path) -> None:
    run = tuned(root)
    first = keep(root, conversation(run, ("What is\n a  duck?", "x", "y")))
    keep(root, conversation(run, ("x" * 500, "x", "y")))
    assert [listed.title[:14] for listed in list_kept(root)] == ["x" * 14, "What is a duck"]
    rename(root, the_id(first), "  Ducks\n")
    keep(root, conversation(run, ("What is a duck?", "x", "z")), first)
    listed = list_kept(root)[0]
    assert (listed.title, listed.lead_name, listed.questions) == ("Ducks", "pirate-1", 1)
    rename(root, the_id(first), "")
    assert list_kept(root)[0].title == "What is a duck?"


@pytest.mark.parametrize("hostile", [*HOSTILE[:-1], "x" * 1_000_000])
def test_whatever_was_said_is_kept(root: Path, hostile: str) -> None:
    kept = load(root, the_id(keep(root, conversation(tuned(root), (hostile, hostile, hostile)))))
    sound = hostile.replace("\0", "\ufffd").replace("\ud800", "\ufffd")
    (exchange,) = kept.conversation.exchanges
    assert (exchange.prompt, exchange.answers["tuned"].text) == (sound, sound)


def test_two_who_go_on_from_the_same_lose_nothing(root: Path) -> None:
    run = tuned(root)
    reference = keep(root, conversation(run, HELLO))
    mine = keep(root, conversation(run, HELLO, ("Mine?", "x", "y")), reference)
    theirs = keep(root, conversation(run, HELLO, ("Theirs?", "x", "y")), reference)
    asked = {load(root, the_id(kept)).conversation.exchanges[-1].prompt for kept in (mine, theirs)}
    assert asked == {"Mine?", "Theirs?"}


@pytest.mark.parametrize(
    "broken",
    ['{"format": 1, "conver', "[]", "null", '{"format": 1}', "[" * 100_000, '{"format": 1, "conversation": 5}'],
)
def test_a_damaged_file_is_listed_and_left_alone(root: Path, broken: str) -> None:
    run = tuned(root)
    reference = keep(root, conversation(run, HELLO))
    path = path_of(root, the_id(reference))
    path.write_text(broken)
    (listed,) = list_kept(root)
    assert listed.problem == "its file is damaged"
    with pytest.raises(WorkbenchError, match=r"conversations/.+ in the workspace"):
        load(root, the_id(reference))
    again = keep(root, conversation(run, HELLO), reference)
    assert the_id(again) != the_id(reference)
    assert path.read_text() == broken


def test_what_a_newer_workbench_wrote_is_not_taken_for_damaged(root: Path) -> None:
    reference = keep(root, conversation(tuned(root), HELLO))
    path = path_of(root, the_id(reference))
    path.write_text(json.dumps(json.loads(path.read_text()) | {"format": 2, "more": True}))
    assert list_kept(root)[0].problem == "it was written by another version"


def test_a_deleted_one_comes_back_and_the_trash_can_be_emptied(root: Path) -> None:
    run = tuned(root)
    reference = keep(root, conversation(run, HELLO))
    trash.delete(root, the_id(reference))
    assert list_kept(root) == []
    assert the_id(keep(root, conversation(run, HELLO), reference)) != the_id(reference), "an open page goes on anew"
    trash.undelete(root, the_id(reference))
    assert {listed.id for listed in list_kept(root)} >= {the_id(reference)}
    trash.delete(root, the_id(reference))
    assert "trash" in [found.kind for found in cleaning.find_removable(root)]
    runs_trash.empty(root)
    with pytest.raises(WorkbenchError, match="cannot be brought back"):
        trash.undelete(root, the_id(reference))


@pytest.mark.parametrize("bad", ["../runs/pirate-1/about", "/etc/passwd", "", ".lock", "a/b"])
def test_an_id_is_no_path(root: Path, bad: str) -> None:
    for act in (load, trash.delete, trash.undelete):
        with pytest.raises(WorkbenchError):
            act(root, bad)
    assert keep(root, conversation(tuned(root), HELLO), f"{bad}@1").startswith("20")


def test_a_conversation_of_a_deleted_run_can_be_read(root: Path) -> None:
    run = tuned(root)
    reference = keep(root, conversation(run, HELLO))
    assert why_read_only(root, load(root, the_id(reference))) == ""
    run.path.rename(root / "elsewhere")
    kept = load(root, the_id(reference))
    assert why_read_only(root, kept).startswith("pirate-1 is gone")
    assert kept.names == {"original": "Original (starter)", "tuned": "pirate-1"}
    longer = dataclasses.replace(kept.conversation).with_question("?").with_answer("tuned", Answer("!"))
    assert load(root, the_id(keep(root, longer, reference))).names == kept.names


def _write_and_die(root: Path, reference: str) -> None:
    os.fsync = lambda descriptor: os.kill(os.getpid(), signal.SIGKILL)  # type: ignore[assignment]
    keep(root, load(root, the_id(reference)).conversation.with_question("Lost?"), reference)


def test_a_kill_while_writing_leaves_what_was_there(root: Path) -> None:
    reference = keep(root, conversation(tuned(root), HELLO))
    dying = multiprocessing.get_context("fork").Process(target=_write_and_die, args=(root, reference))
    dying.start()
    dying.join()
    assert dying.exitcode == -signal.SIGKILL
    assert len(load(root, the_id(reference)).conversation.exchanges) == 1
    keep(root, load(root, the_id(reference)).conversation.with_question("Kept?"), reference)
    assert [path.suffix for path in (root / "conversations").iterdir() if path.is_file()].count(".json") == 1
    assert not list((root / "conversations").glob(".*.json.*")), "what the kill left is swept away"
