"""Many visitors of a showcase at once: who waits, who is next, and how fast one may ask."""

import asyncio
from collections.abc import Iterator

import pytest

from tests.server.audience import Asked, Guest, RunningShowcase
from workbench.server.showcase.door import Door, Refused
from workbench.server.showcase.line import Line
from workbench.server.showcase.pace import Pace


@pytest.fixture
def busy(showcase: RunningShowcase) -> Iterator[list[Asked]]:
    """As many answers as are written side by side; they last until they are stopped."""
    answers = [Guest(showcase).come_in().ask("wait for me") for _ in range(2)]
    for answer in answers:
        answer.row_where(kind="text")
    yield answers
    for answer in answers:
        answer.leave()


def test_who_comes_later_is_told_the_place_and_moves_up(showcase: RunningShowcase, busy: list[Asked]) -> None:
    waiting = [Guest(showcase).come_in().ask("wait too") for _ in range(3)]
    assert [answer.row()["words"] for answer in waiting] == [
        "You are next.",
        "You are second in line.",
        "You are third in line.",
    ]
    busy[0].leave()
    assert waiting[0].row_where(kind="text")["text"] == "wait too"
    assert waiting[1].row_where(position=1)["words"] == "You are next."
    waiting[1].leave()
    assert waiting[2].row_where(position=1)
    busy[1].leave()
    assert waiting[2].row_where(kind="turn")
    for answer in waiting:
        answer.leave()


def test_a_visitor_asks_one_question_at_a_time(showcase: RunningShowcase) -> None:
    guest = Guest(showcase).come_in()
    first = guest.ask("wait")
    first.row_where(kind="text")
    second = guest.ask("hello")
    assert (second.status, second.rest()) == (409, "Your last question is still being answered.")
    first.leave()
    # To notice that somebody has left takes a moment, and is not told.
    while (third := guest.ask("hello")).status == 409:
        pass
    assert third.status == 200


def test_a_visitor_who_asks_very_often_is_told_when_to_go_on(showcase: RunningShowcase) -> None:
    guest = Guest(showcase).come_in()
    for _ in range(3):
        assert "hello" in guest.ask("hello").rest()
    answer = guest.send("/ask", b"hello")
    assert answer.status == 429 and answer.getheader("retry-after") in ("9", "10", "11")
    assert answer.read().decode().startswith("You can ask again in ")
    assert Guest(showcase).come_in().ask("hello").status == 200


def test_another_cookie_is_no_way_around_the_limit(showcase: RunningShowcase) -> None:
    address = Guest(showcase).address
    statuses = [Guest(showcase, address=address).come_in().ask("hello").status for _ in range(32)]
    assert statuses[:30] == [200] * 30 and 429 in statuses[30:]


def test_a_full_line_takes_nobody() -> None:
    async def fill() -> None:
        line = Line(at_once=1, most_waiting=2)
        places = [line.join() for _ in range(3)]
        assert all(places) and line.join() is None and line.waiting == 2
        places[1].leave()  # type: ignore[union-attr]
        assert line.waiting == 1 and line.join()

    asyncio.run(fill())


def test_those_who_wait_are_told_at_once_when_the_line_moves() -> None:
    async def move_up() -> None:
        line = Line(at_once=1)
        first, second, third = [place for _ in range(3) if (place := line.join())]
        seen = third.positions()
        assert await anext(seen) == 2
        # Without being told, it would look again after five seconds.
        async with asyncio.timeout(4):
            second.leave()
            assert await anext(seen) == 1
            first.leave()
            assert [position async for position in seen] == []

    asyncio.run(move_up())


def test_a_pace_fills_again() -> None:
    now = [0.0]
    pace = Pace(per_minute=6, burst=2, now=lambda: now[0])
    for _ in range(2):
        assert pace.wait_seconds() == 0
        pace.take()
    assert pace.wait_seconds() == pytest.approx(10)
    now[0] = 10.0
    assert pace.wait_seconds() == 0


def test_the_door_stays_closed_longer_each_time_and_opens_again() -> None:
    now = [0.0]
    door = Door(code="CDFGHJ", now=lambda: now[0])
    closed = []
    for _ in range(14):
        with pytest.raises(Refused) as caught:
            door.enter("WRONG1", "10.0.0.1")
        closed.append(caught.value.seconds)
        now[0] += caught.value.seconds
    assert closed[:4] == [0] * 4 and closed[4:7] == [4, 8, 16] and closed[-1] == 300
    assert door.enter("cdf-ghj", "10.0.0.1") and door.entered == 1


def test_even_the_right_code_does_not_open_a_closed_door() -> None:
    door = Door(code="CDFGHJ", now=lambda: 0.0)
    for _ in range(5):
        with pytest.raises(Refused):
            door.enter("WRONG1", "10.0.0.1")
    with pytest.raises(Refused, match="Too many wrong codes"):
        door.enter("CDFGHJ", "10.0.0.1")
    assert door.enter("CDFGHJ", "10.0.0.2")


def test_one_computer_cannot_push_the_others_out() -> None:
    door = Door(code="CDFGHJ", now=lambda: 0.0)
    first = door.enter("CDFGHJ", "10.0.0.1")
    for _ in range(60):
        door.enter("CDFGHJ", "10.0.0.2")
    with pytest.raises(Refused, match="Very many have come in from here"):
        door.enter("CDFGHJ", "10.0.0.2")
    assert door.visitor(first.token) is first and door.enter("CDFGHJ", "10.0.0.1")
