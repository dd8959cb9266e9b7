"""What is kept for checking: how much, which, how often the rest is seen, and that no copy of it is learned."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from workbench.data.examples import Example, Message
from workbench.data.examples_file import ExamplesFile, ExamplesWriter
from workbench.data.split import MAX_HELD_OUT, Source, Split, hold_out

ONE = (Source(),)


def kept(folder: Path, questions: Sequence[str], parts: Sequence[int] | None = None) -> ExamplesFile:
    path = folder / "examples.arrow"
    with ExamplesWriter(path) as writer:
        for line, question in enumerate(questions, start=1):
            messages = (Message("user", question), Message("assistant", "Aye."))
            writer.add(Example(line, messages), parts[line - 1] if parts else 0)
    return ExamplesFile(path)


def asked(examples: ExamplesFile, places: Sequence[int]) -> list[str]:
    return [examples[place].messages[0].content for place in places]


def numbered(count: int) -> list[str]:
    return [f"Question {number}?" for number in range(count)]


@pytest.mark.parametrize(("count", "share", "expected"), [(100, 0.1, 10), (5, 0.1, 1), (20, 0.0, 0), (1, 0.5, 0)])
def test_a_share_is_kept_back_and_something_is_left(tmp_path: Path, count: int, share: float, expected: int) -> None:
    split = hold_out(kept(tmp_path, numbered(count)), ONE, share, seed=0)
    assert (len(split.held_out), len(split.training)) == (expected, count - expected)
    assert sorted([*split.training, *split.held_out]) == list(range(count))


def test_a_large_set_keeps_no_more_than_the_limit(tmp_path: Path) -> None:
    split = hold_out(kept(tmp_path, numbered(8000)), ONE, 0.5, seed=0)
    assert len(split.held_out) == MAX_HELD_OUT


def test_the_choice_follows_the_seed_and_not_the_order(tmp_path: Path) -> None:
    forward, backward = tmp_path / "forward", tmp_path / "backward"
    forward.mkdir()
    backward.mkdir()
    straight, turned = kept(forward, numbered(50)), kept(backward, numbered(50)[::-1])

    def choice(examples: ExamplesFile, seed: int) -> set[str]:
        return set(asked(examples, hold_out(examples, ONE, 0.2, seed).held_out))

    assert choice(straight, 1) == choice(turned, 1)
    assert choice(straight, 1) != choice(straight, 2)


def test_no_copy_of_a_held_out_example_is_learned(tmp_path: Path) -> None:
    examples = kept(tmp_path, numbered(10) * 3)
    split = hold_out(examples, ONE, 0.1, seed=0)
    held_out = asked(examples, split.held_out)
    assert len(held_out) == len(set(held_out)) == 3
    assert not set(held_out) & set(asked(examples, split.training))
    assert split.duplicates_dropped == 30 - len(split.training) - len(split.held_out) == 6


def test_a_set_of_equal_examples_is_still_learned_from(tmp_path: Path) -> None:
    split = hold_out(kept(tmp_path, ["Same?"] * 9), ONE, 0.5, seed=0)
    assert (len(split.training), len(split.held_out)) == (9, 0)


def test_weights_repeat_and_thin_out(tmp_path: Path) -> None:
    examples = kept(tmp_path, numbered(3000), [0] * 1000 + [1] * 1000 + [2] * 1000)
    sources = (Source(2.0), Source(0.5), Source(1.0))
    split = hold_out(examples, sources, 0.0, seed=0)
    counts = np.bincount(split.training, minlength=3000)
    assert (counts[:1000] == 2).all() and (counts[2000:] == 1).all()
    assert 440 < counts[1000:2000].sum() < 560
    assert (hold_out(examples, sources, 0.0, seed=0).training == split.training).all()


def test_a_file_of_its_own_is_kept_back_whole(tmp_path: Path) -> None:
    examples = kept(tmp_path, [*numbered(10), "Question 3?", "Unseen?", "Unseen?"], [0] * 10 + [1] * 3)
    split: Split = hold_out(examples, (Source(), Source(held_out=True)), 0.3, seed=0)
    assert asked(examples, split.held_out) == ["Question 3?", "Unseen?"]
    assert "Question 3?" not in asked(examples, split.training)
    assert (len(split.training), split.duplicates_dropped) == (9, 1)
