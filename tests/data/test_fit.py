"""Rows that are too long: what is cut, what stays, and that the counts are those of the rows."""

import random
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.data.conversations import chat, row_of, spelled
from tests.data.fitted import fitted, tokens_file
from tests.tiny import make_tokenizer
from workbench.data.examples import Example
from workbench.data.rendering.fit import FitSettings, FittedRows, fit
from workbench.data.rendering.rows import IGNORED, Row
from workbench.data.tokens_file import TokenRow
from workbench.errors import DataError

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

FAR = "far away " * 50


@pytest.fixture(scope="module")
def chatml() -> "PreTrainedTokenizerFast":
    return make_tokenizer()


def one(example: Example, tokenizer: "PreTrainedTokenizerFast", folder: Path, settings: FitSettings) -> Row:
    (row,) = fitted(folder, [row_of(example, tokenizer)], settings)
    return row


def learned(row: Row, tokenizer: "PreTrainedTokenizerFast") -> str:
    assert all(label in (IGNORED, token) for token, label in zip(row.input_ids, row.labels, strict=True))
    return spelled([label for label in row.labels if label != IGNORED], tokenizer)


def test_a_row_that_fits_is_whole(chatml: "PreTrainedTokenizerFast", tmp_path: Path) -> None:
    whole = row_of(chat("Hello", "Ahoy", "Bye", "Aye"), chatml)
    for spare in (0, 100):
        row = one(chat("Hello", "Ahoy", "Bye", "Aye"), chatml, tmp_path, FitSettings(len(whole.ids) + spare))
        assert (row.input_ids, row.cut) == (whole.ids, False)
        assert learned(row, chatml) == "Ahoy<|im_end|>Aye<|im_end|>"


def test_a_long_question_is_cut_from_its_left(chatml: "PreTrainedTokenizerFast", tmp_path: Path) -> None:
    example = chat(FAR + "the end", "Ahoy, matey!")
    whole = row_of(example, chatml)
    row = one(example, chatml, tmp_path, FitSettings(40))
    assert row.input_ids == [whole.ids[0], *whole.ids[-39:]]
    assert learned(row, chatml) == "Ahoy, matey!<|im_end|>"
    assert row.cut


def test_the_system_turn_outlives_the_question(chatml: "PreTrainedTokenizerFast", tmp_path: Path) -> None:
    example = chat(FAR + "the end", "Ahoy, matey!", system="The cow.")
    whole = row_of(example, chatml)
    row = one(example, chatml, tmp_path, FitSettings(40))
    assert row.input_ids == [*whole.ids[: whole.head], *whole.ids[whole.head - 40 :]]
    assert spelled(row.input_ids, chatml).startswith("<|im_start|>system\nThe cow.<|im_end|>")


def test_the_answer_outlives_the_system_turn(chatml: "PreTrainedTokenizerFast", tmp_path: Path) -> None:
    row = one(chat("Hello", "Ahoy, matey!", system=FAR), chatml, tmp_path, FitSettings(40))
    assert len(row.input_ids) == 40
    assert learned(row, chatml) == "Ahoy, matey!<|im_end|>"


def test_a_long_answer_is_cut_at_its_end(chatml: "PreTrainedTokenizerFast", tmp_path: Path) -> None:
    row = one(chat("Hello", FAR), chatml, tmp_path, FitSettings(32))
    assert (len(row.input_ids), row.cut) == (32, True)
    assert row.labels == [IGNORED, *row.input_ids[1:]]
    assert FAR.startswith(learned(row, chatml))


def test_the_last_answer_is_the_one_that_is_kept(chatml: "PreTrainedTokenizerFast", tmp_path: Path) -> None:
    row = one(chat("Hello", FAR, "Bye", "Fair winds."), chatml, tmp_path, FitSettings(48))
    assert learned(row, chatml).endswith("away Fair winds.<|im_end|>") or learned(row, chatml).endswith(
        "<|im_end|>Fair winds.<|im_end|>"
    )
    assert len(row.input_ids) == 48


def test_where_everything_is_learned_the_answer_is_kept(chatml: "PreTrainedTokenizerFast", tmp_path: Path) -> None:
    tokens = row_of(chat(FAR, "Ahoy, matey!"), chatml, labels="everything")
    (row,) = fitted(tmp_path, [tokens], FitSettings(40))
    assert learned(row, chatml).endswith("assistant\nAhoy, matey!<|im_end|>")
    assert row.labels == row.input_ids


def test_the_end_can_be_cut_instead(chatml: "PreTrainedTokenizerFast", tmp_path: Path) -> None:
    example = chat("Hello", FAR)
    whole = row_of(example, chatml)
    row = one(example, chatml, tmp_path, FitSettings(40, "cut_end"))
    assert (row.input_ids, row.cut) == (whole.ids[:40], True)
    assert FAR.startswith(learned(row, chatml))


def test_a_row_whose_answer_is_cut_off_teaches_nothing(chatml: "PreTrainedTokenizerFast", tmp_path: Path) -> None:
    rows = [row_of(chat(FAR, "Ahoy"), chatml), row_of(chat("Hello", "Ahoy"), chatml)]
    found = fitted(tmp_path, [rows[0], TokenRow(1, rows[1].ids, rows[1].spans)], FitSettings(40, "cut_end"))
    assert (len(found), found.nothing_to_learn, found.cut, found.dropped) == (1, 1, 0, 0)
    assert found[0].example == 1


def test_a_long_row_can_be_left_out(chatml: "PreTrainedTokenizerFast", tmp_path: Path) -> None:
    rows = [row_of(chat("Hello", FAR), chatml), row_of(chat("Hello", "Ahoy"), chatml)]
    found = fitted(tmp_path, [rows[0], TokenRow(1, rows[1].ids, rows[1].spans)], FitSettings(40, "drop"))
    assert (len(found), found.nothing_to_learn, found.cut, found.dropped) == (1, 0, 0, 1)
    assert (found[0].input_ids, found[0].cut) == (rows[1].ids, False)


def test_rows_come_in_the_order_of_training_as_often_as_they_are_asked_for(tmp_path: Path) -> None:
    rows = [TokenRow(example, [example, 7, 8], [1, 3]) for example in (0, 2, 2, 5)]
    found = fit(tokens_file(tmp_path, rows), np.array([5, 2, 1, 0, 2]), FitSettings(16))
    assert [row.example for row in found] == found.examples.tolist() == [5, 2, 2, 0, 2, 2]
    assert found.learned_tokens == 12
    assert found[-1] == found[5]
    assert found[1:3] == [found[1], found[2]]
    with pytest.raises(IndexError):
        found[6]


def test_nothing_gives_nothing(tmp_path: Path) -> None:
    found = fit(tokens_file(tmp_path, []), np.array([0, 1]), FitSettings(16))
    assert (len(found), found.learned_tokens, found.lengths.tolist()) == (0, 0, [])


def test_too_little_room_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"\(max_length\) of 1 tokens"):
        fit(tokens_file(tmp_path, []), np.array([0]), FitSettings(1))


def random_row(example: int, chance: random.Random) -> TokenRow:
    """A conversation or a text of any length; ids are unlike each other, so that each tells where it was."""
    count = chance.randrange(2, 80)
    ids = [1000 * example + place for place in range(count)]
    if chance.random() < 0.4:
        head = chance.randrange(2)
        breaks = sorted({count, *(chance.randrange(head + 1, count + 1) for _ in range(chance.randrange(5)))})
        return TokenRow(example, ids, [head, count], breaks, head)
    edges = sorted(chance.sample(range(count), 2 * chance.randrange(1, min(4, count // 2 + 1)) - 1))
    return TokenRow(example, ids, [*edges, count], head=chance.randrange(edges[-1] + 1))


@pytest.mark.parametrize("over_long", ["cut_prompt", "cut_end", "drop"])
@pytest.mark.parametrize("seed", range(20))
def test_the_counts_are_those_of_the_rows(over_long: str, seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)
    rows = [random_row(example, chance) for example in range(30)]
    settings = FitSettings(chance.randrange(16, 50), over_long, chance.choice([0, 3, 100]))
    found = fitted(tmp_path, rows, settings)
    check_counts(found, settings)
    given = {row.example: row for row in rows}
    for row in found:
        source = given[row.example]
        within = {place for a, b in zip(source.spans[::2], source.spans[1::2], strict=True) for place in range(a, b)}
        places = [token - 1000 * row.example for token in row.input_ids]
        assert places == sorted(set(places))
        assert {place for place, label in zip(places, row.labels, strict=True) if label != IGNORED} <= within
        assert row.cut == (not source.breaks and len(places) < len(source.ids))
        if source.breaks or not row.cut:
            continue
        assert len(places) == settings.max_length
        if over_long == "cut_prompt":
            assert source.spans[-2] in places, "the last answer begins in the row"


def check_counts(found: FittedRows, settings: FitSettings) -> None:
    rows = list(found)
    assert [len(row.input_ids) for row in rows] == found.lengths.tolist()
    assert [row.learned_tokens for row in rows] == found.learned.tolist()
    assert [row.cut for row in rows] == found.are_cut.tolist()
    assert found.learned_tokens == sum(row.learned_tokens for row in rows)
    assert found.total_tokens == sum(len(row.input_ids) for row in rows)
    assert found.cut == sum(row.cut for row in rows)
    assert all(row.learned_tokens > 0 and len(row.input_ids) <= settings.max_length for row in rows)
    accounted = {row.example for row in rows}
    assert len(accounted) + found.dropped + found.nothing_to_learn >= 30
