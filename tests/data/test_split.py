"""What is kept for checking: how much, which, and never a copy of what is learned."""

import random

import pytest

from workbench.data.examples import Example, Message
from workbench.data.split import hold_out


def example(line: int, answer: str) -> Example:
    return Example(line, (Message("user", "Hello"), Message("assistant", answer)))


def examples(count: int) -> list[Example]:
    return [example(line, f"Ahoy {line}") for line in range(1, count + 1)]


@pytest.mark.parametrize(
    ("count", "share", "held_out"),
    [
        (100, 0.1, 10),
        (92, 0.1, 9),
        (2, 0.1, 1),
        (3, 0.01, 1),
        (1, 0.5, 0),
        (100, 0.0, 0),
        (0, 0.1, 0),
        (9000, 0.1, 500),
    ],
)
def test_how_many_are_held_out(count: int, share: float, held_out: int) -> None:
    split = hold_out(examples(count), share, seed=0)
    assert (len(split.held_out), len(split.training)) == (held_out, count - held_out)
    assert split.duplicates_dropped == 0


def test_the_choice_follows_from_seed_and_content_alone() -> None:
    rows = examples(100)
    shuffled = random.Random(1).sample(rows, len(rows))
    chosen = {row.line for row in hold_out(rows, 0.2, seed=7).held_out}
    assert {row.line for row in hold_out(shuffled, 0.2, seed=7).held_out} == chosen
    assert {row.line for row in hold_out(rows, 0.2, seed=8).held_out} != chosen


def test_both_parts_keep_the_order_of_the_file() -> None:
    split = hold_out(examples(50), 0.3, seed=0)
    for part in (split.training, split.held_out):
        assert [row.line for row in part] == sorted(row.line for row in part)


def test_no_copy_of_a_held_out_row_is_learned() -> None:
    rows = [example(line, f"Ahoy {line % 10}") for line in range(40)]
    split = hold_out(rows, 0.1, seed=0)
    assert len(split.held_out) == 4
    assert not {row.messages for row in split.held_out} & {row.messages for row in split.training}
    assert split.duplicates_dropped == 40 - len(split.training) - 4 == 12


def test_something_is_left_to_learn_where_all_rows_are_the_same() -> None:
    split = hold_out([example(line, "Ahoy") for line in range(10)], 0.1, seed=0)
    assert (len(split.training), len(split.held_out)) == (10, 0)


def test_texts_are_told_apart() -> None:
    rows = [Example(line, text=f"Chapter {line}") for line in range(10)]
    assert len(hold_out(rows, 0.2, seed=0).held_out) == 2
