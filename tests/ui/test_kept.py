"""What the page does with saved conversations and better answers, whoever asks and whatever for."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gradio as gr
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from tests.chat.keeping.kept import HOSTILE, conversation, tuned
from workbench.chat.keeping.conversations import keep, path_of
from workbench.chat.keeping.corrections import Correction, add_correction
from workbench.chat.keeping.votes import Vote, add_vote
from workbench.config.run_config import RunConfig
from workbench.errors import RunError
from workbench.ui.chat import better, kept
from workbench.ui.downloads import add_routes
from workbench.ui.next_run import read_change, with_corrections
from workbench.ui.runs.upkeep import Upkeep

HELLO = ("Hello!", "Hi.", "Ahoy!")


@pytest.fixture
def ask(root: Path) -> dict[str, Callable[[Any], dict[str, Any]]]:
    return {function.__name__: function for function in kept.functions(root)}


def saved(root: Path, *exchanges: tuple[str, str, str], votes: tuple[str, ...] = ()) -> str:
    """The id of a conversation that is kept."""
    return keep(root, conversation(tuned(root), *exchanges, votes=votes)).partition("@")[0]


def test_the_list_tells_what_there_is_and_no_more_than_is_asked_for(root: Path, ask: Any) -> None:
    assert ask["list_talks"]({"count": 12}) == {"talks": [], "total": 0}
    one = saved(root, HELLO)
    told = {"id": one, "title": "Hello!", "run": "pirate-1", "questions": 1, "changed": "just now", "problem": ""}
    assert ask["list_talks"]({"count": 12}) == {"talks": [told], "total": 1}
    path_of(root, one).write_text("{")
    (damaged,) = ask["list_talks"]({"count": 12})["talks"]
    assert damaged["problem"] == "its file is damaged"


def test_a_conversation_is_renamed_deleted_and_brought_back(root: Path, ask: Any) -> None:
    one = saved(root, HELLO)
    assert ask["rename_talk"]({"id": one, "name": "<b>Greeting</b>"}) == {}
    assert ask["list_talks"]({})["talks"][0]["title"] == "<b>Greeting</b>"
    assert ask["delete_talk"]({"id": one}) == {}
    assert ask["list_talks"]({})["total"] == 0
    assert ask["undelete_talk"]({"id": one}) == {}
    assert ask["list_talks"]({})["total"] == 1


def test_a_look_tells_who_answered_and_why_one_cannot_go_on(root: Path, ask: Any) -> None:
    one = saved(root, HELLO, votes=("tuned",))
    answers = [{"name": "original", "label": "Original (starter)"}, {"name": "tuned", "label": "pirate-1"}]
    assert ask["look_into"]({"id": one}) == {"answers": answers, "has_vote": True, "read_only": ""}
    (root / "runs" / "pirate-1").rename(root / "elsewhere")
    assert ask["look_into"]({"id": one})["read_only"].startswith("pirate-1 is gone")


@pytest.mark.parametrize("arg", [None, 5, [], "x", {}, {"id": "../../etc/passwd"}, {"id": None}, {"id": ["a"]}])
def test_whatever_is_asked_is_answered(root: Path, ask: Any, arg: Any) -> None:
    for name in ("look_into", "rename_talk", "delete_talk", "undelete_talk"):
        assert list(ask[name](arg)) == ["problem"]
    assert "talks" in ask["list_talks"](arg)
    assert "talks" in ask["list_talks"]({"count": -5})


@pytest.fixture
def client(root: Path) -> TestClient:
    app = FastAPI()
    add_routes(app, root)
    return TestClient(app)


@pytest.mark.parametrize("name", ["comparison.html", "comparison.md", "comparison.csv", "examples.jsonl"])
def test_each_kind_of_file_is_handed_out_as_a_file(root: Path, client: TestClient, name: str) -> None:
    one = saved(root, *((text, text, text) for text in HOSTILE if text), votes=("tuned",))
    answer = client.get(f"/conversations/{one}/{name}")
    assert answer.status_code == 200
    assert answer.headers["content-disposition"].startswith('attachment; filename="')
    assert one in answer.headers["content-disposition"]
    assert "half a pair" in client.get(f"/conversations/{one}/{name}", params={"answers": "tuned"}).text


def test_a_comparison_can_be_looked_at_and_what_is_not_there_is_told(root: Path, client: TestClient) -> None:
    one = saved(root, HELLO)
    look = client.get(f"/conversations/{one}/comparison.html?look=1")
    assert "content-disposition" not in look.headers
    assert look.headers["content-type"] == "text/html; charset=utf-8"
    for missing in ("20260101-000000-abcdef/comparison.html", f"{one}/examples.jsonl", "..%2Fruns/comparison.md"):
        answer = client.get(f"/conversations/{missing}")
        assert answer.status_code == 404
        assert "<" not in answer.text


def wish(root: Path, exchange: int, name: str) -> str:
    talk = conversation(tuned(root), HELLO, ("<b>Who?</b>", "A model.", "A pirate."))
    return json.dumps({"conversation": talk.to_json(), "exchange": exchange, "name": name})


def test_the_box_opens_with_question_answer_and_sets(root: Path) -> None:
    add_correction(root, "own", Correction(({"role": "user", "content": "?"},), "!"))
    with gr.Blocks():
        box = better.Better()
    updates = better.offer(root, box, wish(root, 1, "tuned"))
    assert "&lt;b&gt;Who?&lt;/b&gt;" in updates[box.asked]
    assert updates[box.answer] == "A pirate."
    assert updates[box.set]["choices"] == ["corrections-pirate-1", "own"]
    wanted = json.loads(updates[box.wanted])
    assert wanted["run"] == "pirate-1"
    assert [turn["content"] for turn in wanted["turns"]] == ["Hello!", "Ahoy!", "<b>Who?</b>"]


@pytest.mark.parametrize(("exchange", "name"), [(5, "tuned"), (-1, "tuned"), (0, "nobody")])
def test_an_answer_that_is_gone_cannot_be_bettered(root: Path, exchange: int, name: str) -> None:
    with gr.Blocks():
        box = better.Better()
    with pytest.raises(RunError, match="not there any more"):
        better.offer(root, box, wish(root, exchange, name))


def test_training_again_goes_on_from_the_run_with_its_corrections(root: Path) -> None:
    run = tuned(root, method__rank=4)
    add_correction(root, "corrections-pirate-1", Correction(({"role": "user", "content": "?"},), "!"))
    config, note = read_change(root, with_corrections(run, "corrections-pirate-1"), RunConfig())
    assert (config.data.path, config.data.weights) == ("pirate", "corrections-pirate-1: 1")
    assert (config.model.adapter, config.method.rank) == ("pirate-1", 4)  # type: ignore[union-attr]
    assert note == "The settings of pirate-1, with what was corrected in corrections-pirate-1. "
    whole = tuned(root, "whole", method__name="norms")
    config, _ = read_change(root, with_corrections(whole, "corrections-pirate-1"), RunConfig())
    assert config.method.name == "norms"


def test_a_chosen_run_tells_its_votes_and_conversations(root: Path) -> None:
    run = tuned(root)
    with gr.Blocks():
        upkeep = Upkeep()
    assert upkeep.look_at(run)[upkeep.talks] == ""
    talk = conversation(run, HELLO)
    keep(root, talk)
    keep(root, conversation(tuned(root, "other"), HELLO))
    run.update_about(name="<b>")
    add_vote(run, Vote("talk/0", "Hello!", "tuned", talk.answerers))
    assert upkeep.look_at(run)[upkeep.talks] == "Voted better in Chat: &lt;b&gt; 1. 1 saved conversation."
