"""Texts that end an answer, wherever the pieces that it comes in are cut."""

import pytest

from workbench.server.openai.stops import StopGate


def shown(stops: list[str], pieces: list[str]) -> list[str]:
    """What is shown after each piece up to the stop, and at the end."""
    gate, found = StopGate(stops), []
    for piece in pieces:
        found.append(gate.push(piece))
        if gate.is_hit:
            return found
    return [*found, gate.finish()]


@pytest.mark.parametrize(
    ("stops", "pieces", "expected"),
    [
        ([], ["a", "b"], ["a", "b", ""]),
        (["\n"], ["one", "\ntwo"], ["one", ""]),
        (["END"], ["the E", "N", "D of it"], ["the ", "", ""]),
        (["END"], ["the E", "NT"], ["the ", "ENT", ""]),
        (["END"], ["EEN", "D"], ["E", ""]),
        (["END"], ["the EN"], ["the ", "EN"]),
        (["aab"], ["aaa", "b"], ["a", ""]),
        (["two", "one"], ["one two"], [""]),
        (["abc", "b"], ["ab"], ["a"]),
    ],
)
def test_nothing_of_a_stop_is_shown_and_all_else_is(stops: list[str], pieces: list[str], expected: list[str]) -> None:
    assert shown(stops, pieces) == expected


@pytest.mark.parametrize("stop", ["o w", "Hello world!", "!", "ll", "H"])
def test_it_is_all_the_same_how_an_answer_is_cut(stop: str) -> None:
    answer = "Hello world!"
    for cut in range(len(answer)):
        assert "".join(shown([stop], [answer[:cut], answer[cut:]])) == answer.partition(stop)[0]
