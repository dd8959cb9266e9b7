"""One question for a room: unnamed answers, votes, and the names at the end."""

import pytest

from tests.server.audience import Guest, RunningShowcase
from workbench.chat.protocol import Event
from workbench.chat.questions import ORIGINAL, TUNED
from workbench.server.showcase.room import Room


@pytest.fixture
def presenter(showcase: RunningShowcase) -> Guest:
    return Guest(showcase).present()


def test_a_room_votes_and_is_told_the_names_at_the_end(showcase: RunningShowcase, presenter: Guest) -> None:
    guests = [Guest(showcase).come_in() for _ in range(3)]
    screen = guests[0].watch()
    assert presenter.send("/room/ask", b"Who are you?").status == 204
    view = screen.row_where(written=True)
    number = view["number"]
    assert view["prompt"] == "Who are you?" and view["names"] == {}
    for guest, letter in zip(guests, "AAB", strict=True):
        assert guest.send("/vote", {"number": number, "letter": letter}).status == 204
    guests[1].send("/vote", {"number": number, "letter": "B"})
    for by in (1, 1, -1):
        presenter.send("/room/hand", {"number": number, "letter": "B", "by": by})
    assert screen.row_where(counts={"A": 1, "B": 3})["names"] == {}
    assert presenter.send("/room/reveal", {"number": number}).status == 204
    while not (view := screen.row())["names"]:
        pass
    assert {name: view["texts"][letter] for letter, name in view["names"].items()} == {
        name: f"Who are you? says {name[::-1]}" for name in (ORIGINAL, TUNED)
    }
    assert guests[0].send("/vote", {"number": number, "letter": "B"}).status == 409
    screen.leave()


@pytest.mark.parametrize("path", ["/room/ask", "/room/hand", "/room/reveal"])
def test_only_the_presenter_presents(showcase: RunningShowcase, path: str) -> None:
    for guest in (Guest(showcase), Guest(showcase).come_in()):
        assert guest.send(path, {"number": 1, "letter": "A"}).status == 404


def test_the_presenters_page_shows_the_way_in_only_where_there_is_one(presenter: Guest) -> None:
    page = presenter.send("/room").read().decode()
    assert 'aria-label="How to join" hidden' in page
    assert presenter.send("/room/qr.svg").read().startswith(b"<?xml")


def test_the_presenter_may_visit_too(showcase: RunningShowcase, presenter: Guest) -> None:
    assert presenter.send(f"/?code={showcase.code}").status == 303
    assert presenter.send("/").status == presenter.send("/room").status == 200


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"number": "x"}', b"[" * 200, b'{"number": null}'])
def test_a_vote_that_cannot_be_read_is_refused(showcase: RunningShowcase, body: bytes) -> None:
    assert Guest(showcase).come_in().send("/vote", body).status == 400


def test_there_is_nothing_to_vote_on_before_both_have_answered() -> None:
    room = Room()
    assert not room.vote(0, "A", "me")
    asked = room.begin("Hello")
    assert not room.vote(asked.number, "A", "me") and not room.reveal(asked.number)
    room.take(asked, Event("end"))
    assert not room.vote(asked.number, "C", "me") and not room.vote(7, "A", "me")
    assert room.vote(asked.number, "A", "me") and room.view("me")["vote"] == "A" and room.view("you")["vote"] == ""


def test_which_answer_is_a_is_drawn_anew() -> None:
    room = Room()
    assert {room.begin("Hello").order for _ in range(64)} == {(ORIGINAL, TUNED), (TUNED, ORIGINAL)}


def test_what_comes_late_of_an_earlier_question_is_not_shown() -> None:
    room = Room()
    first, second = room.begin("one"), room.begin("two")
    room.take(first, Event("text", TUNED, "late"))
    assert second.texts[TUNED] == "" and room.view("me")["texts"] == {"A": "", "B": ""}
