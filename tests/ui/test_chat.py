"""The Talk view without a browser: who can answer, what is kept and counted, and what is refused."""

import json
import threading
from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from tests.chat.keeping.kept import conversation, tuned
from workbench.chat.client import MOST_CHARACTERS, ChatClient
from workbench.chat.keeping.conversations import list_kept
from workbench.chat.protocol import Event, Question
from workbench.ui.chat.company import Company
from workbench.ui.chat.stream import STOP_URL, TALK_URL, add_routes
from workbench.ui.chat.view import functions
from workbench.ui.chat.wish import MOST_BYTES, read_wish

Functions = dict[str, Callable[[Any], dict[str, Any]]]


@pytest.fixture
def view(root: Path) -> Functions:
    return {function.__name__: function for function in functions(root, ChatClient(root / "chat.log"))}


@pytest.fixture
def page(root: Path) -> TestClient:
    app = FastAPI()
    add_routes(app, root, ChatClient(root / "chat.log"))
    return TestClient(app)


def asked(root: Path, **changes: Any) -> dict[str, Any]:
    """What the browser sends for a question that was answered once."""
    return conversation(tuned(root), ("Hello!", "Hello.", "Ahoy!")).to_json() | changes


def problem_of(page: TestClient, talk: Any, **changes: Any) -> str:
    """What is wrong with a question, as the browser is told."""
    told = {"conversation": talk, "names": ["original", "tuned"], "asker": "me"} | changes
    line = json.loads(page.post(TALK_URL, json=told).text)
    return str(line["problem"]["message"])


def test_only_results_of_the_same_model_can_answer_beside_each_other(root: Path, tiny_model: Path) -> None:
    (root / "models").mkdir()
    (root / "models" / "tiny").symlink_to(tiny_model)
    tuned(root, "pirate-1")
    tuned(root, "prefix-1", method__name="prefix_tuning")
    tuned(root, "bard-1", model__path="tiny")
    tuned(root, "lost-1", model__path="gone")

    told = Company(root).tell("pirate-1")
    apart = {run["id"]: run["apart"] for run in told["runs"]}
    assert told["lead"] == "pirate-1"
    assert told["base"] == "starter"
    assert apart == {
        "pirate-1": "",
        "prefix-1": "",
        "bard-1": "tuned on tiny",
        "lost-1": "its model gone is not here",
    }


def test_a_method_without_a_strength_says_why(root: Path) -> None:
    tuned(root, "pirate-1")
    tuned(root, "prefix-1", method__name="prefix_tuning")
    reasons = {run["id"]: run["no_strength"] for run in Company(root).tell("")["runs"]}
    assert reasons["pirate-1"] == ""
    assert "nothing to turn down" in reasons["prefix-1"]


def test_the_newest_result_answers_where_none_is_chosen_or_the_chosen_one_is_gone(root: Path) -> None:
    assert Company(root).tell("")["lead"] == ""
    tuned(root, "pirate-1")
    tuned(root, "pirate-2")
    assert Company(root).tell("")["lead"] == "pirate-2"
    assert Company(root).tell("deleted")["lead"] == "pirate-2"


def test_a_conversation_is_kept_and_goes_on_in_the_same_file(root: Path, view: Functions) -> None:
    talk = asked(root)
    first = view["keep_talk"]({"conversation": talk, "reference": ""})["reference"]
    talk["exchanges"] = [*talk["exchanges"], {"prompt": "And you?", "answers": {}, "vote": ""}]
    second = view["keep_talk"]({"conversation": talk, "reference": first})["reference"]
    assert first != second
    assert [kept.questions for kept in list_kept(root)] == [2]


def test_a_vote_is_counted_once_and_can_be_taken_back(root: Path, view: Functions) -> None:
    talk = asked(root)
    vote = {"conversation": talk, "place": 0, "about": "a-0", "blind": True}
    talk["exchanges"][0]["vote"] = "tuned"
    assert view["vote"](vote)["votes"] == "pirate-1 1"
    assert view["vote"](vote)["votes"] == "pirate-1 1"
    assert view["look"]({"lead": "pirate-1"})["votes"] == "pirate-1 1"
    talk["exchanges"][0]["vote"] = ""
    assert view["vote"](vote)["votes"] == ""


def test_every_setting_of_sampling_is_offered_with_its_presets(view: Functions) -> None:
    told = view["look"]({})
    assert {field["path"] for field in told["fields"]} == set(told["presets"][0]["values"])
    assert told["presets"][0]["name"] == "exact"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"lead": "../../etc"}, "../../etc"),
        ({"lead": "gone"}, "gone"),
        ({"answerers": {"tuned": {"run_id": "pirate-1", "strength": 1.6}}}, "There is no strength of 1.6."),
        ({"answerers": {"tuned": {"run_id": "pirate-1", "strength": float("nan")}}}, "There is no strength of nan."),
        ({"answerers": {"tuned": {"run_id": "pirate-1", "strength": "a lot"}}}, "This is no conversation"),
        ({"answerers": {"tuned": {"run_id": ["pirate-1"], "strength": 1.0}}}, "This is no conversation"),
        ({"answerers": {str(each): {"run_id": "", "strength": 1.0} for each in range(8)}}, "7 are the most"),
        ({"system": 3}, "This is no conversation"),
        ({"exchanges": []}, "This is no conversation"),
        ({"exchanges": [{"prompt": "x" * (MOST_CHARACTERS + 1), "answers": {}, "vote": ""}]}, "at most 200,000"),
        ({"sampling": {"temperature": 9}}, "temperature: 9.0 is outside 0.0 to 2.0."),
    ],
)
def test_what_cannot_be_asked_is_said(root: Path, page: TestClient, changes: dict[str, Any], message: str) -> None:
    talk = asked(root, **changes)
    names = list(talk["answerers"])
    body = json.dumps({"conversation": talk, "names": names, "asker": "me"})
    line = json.loads(page.post(TALK_URL, content=body).text)
    assert message in line["problem"]["message"]


def test_what_is_no_question_is_refused(page: TestClient, root: Path) -> None:
    for body in (b"", b"{", b"[]", b"null", b'{"conversation": 3}', b"[" * 100_000, b"\xff"):
        assert "problem" in json.loads(page.post(TALK_URL, content=body).text)
    assert problem_of(page, asked(root), names=[])
    assert problem_of(page, asked(root), asker=3)
    assert problem_of(page, asked(root, answerers=["original"]))
    assert problem_of(page, asked(root, exchanges=[{"prompt": "Hello!", "answers": [], "vote": ""}]))
    assert (
        "longer than the page can send"
        in json.loads(page.post(TALK_URL, content=b" " * (MOST_BYTES + 1)).text)["problem"]["message"]
    )


def test_whatever_the_browser_sends_is_answered(root: Path, view: Functions) -> None:
    tuned(root)
    for name, function in view.items():
        for arg in (None, [], "words", {"lead": {}, "conversation": []}, {"conversation": {"sampling": None}}):
            told = function(arg)
            assert isinstance(told, dict), name


def test_half_a_character_is_asked_as_a_replacement(root: Path) -> None:
    talk = asked(root, exchanges=[{"prompt": "Hello \ud83d", "answers": {}, "vote": ""}])
    wish = read_wish(json.dumps({"conversation": talk, "names": ["tuned"], "asker": "me"}).encode())
    assert wish.conversation.exchanges[-1].prompt == "Hello \N{REPLACEMENT CHARACTER}"


class LateChat(ChatClient):
    """Hears a question only once its asker has pressed Stop."""

    def __init__(self, log: Path) -> None:
        super().__init__(log)
        self.is_sent, self.is_stopped = threading.Event(), threading.Event()
        self.stopped: list[str] = []

    def ask(self, question: Question, asker: str = "") -> Generator[Event, None, None]:
        self.is_sent.set()
        assert self.is_stopped.wait(10)
        self.stopped.clear()
        yield Event("begun", "tuned")
        yield Event("done", "tuned", reason="stopped" if asker in self.stopped else "end")

    def stop(self, asker: str = "") -> None:
        self.stopped.append(asker)


def test_stop_holds_also_before_the_worker_has_heard_the_question(root: Path) -> None:
    chat, app = LateChat(root / "chat.log"), FastAPI()
    add_routes(app, root, chat)
    told = {"conversation": asked(root), "names": ["tuned"], "asker": "me"}
    with TestClient(app) as page, ThreadPoolExecutor() as threads:
        answer = threads.submit(page.post, TALK_URL, json=told)
        assert chat.is_sent.wait(10)
        page.post(f"{STOP_URL}?asker=me")
        chat.is_stopped.set()
        assert '"reason": "stopped"' in answer.result().text


class StuckChat(ChatClient):
    """Nobody reads at the other end of its line."""

    def __init__(self, log: Path) -> None:
        super().__init__(log)
        self.is_read = threading.Event()

    def stop(self, asker: str = "") -> None:
        assert self.is_read.wait(10)


def test_a_worker_that_does_not_read_holds_nobody_else_up(root: Path) -> None:
    chat, app = StuckChat(root / "chat.log"), FastAPI()
    add_routes(app, root, chat)
    with TestClient(app) as page, ThreadPoolExecutor() as threads:
        stopping = threads.submit(page.post, f"{STOP_URL}?asker=me")
        assert "problem" in page.post(TALK_URL, content=b"").text
        assert not stopping.done()
        chat.is_read.set()
        assert stopping.result().status_code == 204
