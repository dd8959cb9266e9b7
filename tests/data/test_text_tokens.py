"""Texts as tokens: all of it is learned, in rows that are split where it hurts least."""

from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.data.conversations import row_of
from tests.data.fitted import fitted
from tests.data.tokenizers import decoded, make_beginning_tokenizer, make_llama_tokenizer
from tests.tiny import make_tokenizer
from workbench.data.examples import Example
from workbench.data.rendering.fit import FitSettings
from workbench.data.rendering.rows import IGNORED, Row

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast


@pytest.fixture(scope="module")
def chatml() -> "PreTrainedTokenizerFast":
    return make_tokenizer()


PARAGRAPHS = [f"Paragraph {number}: " + "the cow says moo. " * (number % 5 + 1) for number in range(30)]
TEXT = "\n\n".join(PARAGRAPHS) + "\n\n" + "Seven plus five is twelve. 🏴‍☠️ " * 60


def split(
    text: str, tokenizer: "PreTrainedTokenizerFast", folder: Path, max_length: int, overlap: int = 0
) -> list[Row]:
    row = row_of(Example(1, text=text), tokenizer)
    return list(fitted(folder, [row], FitSettings(max_length, overlap=overlap)))


def test_the_breaks_of_a_text_are_the_ends_of_its_paragraphs(chatml: "PreTrainedTokenizerFast") -> None:
    row = row_of(Example(1, text="The cow.\n\nThe cat.\n \n\nMoo."), chatml)
    pieces = [decoded(row.ids[start:end], chatml) for start, end in pairwise([0, *row.breaks])]
    assert pieces == ["The cow.\n\n", "The cat.\n \n\n", "Moo.<|im_end|>"]


@pytest.mark.parametrize("max_length", [16, 64, 100, 5000])
def test_a_text_is_learned_whole_and_ends_once(
    max_length: int, chatml: "PreTrainedTokenizerFast", tmp_path: Path
) -> None:
    rows = split(TEXT, chatml, tmp_path, max_length)
    ids = [token for row in rows for token in row.input_ids]
    assert ids[-1] == chatml.eos_token_id
    assert ids.count(chatml.eos_token_id) == 1
    assert decoded(ids[:-1], chatml) == TEXT
    assert all(row.labels == row.input_ids and 1 < len(row.input_ids) <= max_length for row in rows)
    assert not any(row.cut for row in rows)


def test_a_text_is_cut_between_paragraphs_and_small_ones_are_gathered(
    chatml: "PreTrainedTokenizerFast", tmp_path: Path
) -> None:
    rows = split("\n\n".join(PARAGRAPHS), chatml, tmp_path, 100)
    texts = [decoded(row.input_ids, chatml) for row in rows]
    assert all(text.startswith("Paragraph ") for text in texts)
    assert len(rows) < len(PARAGRAPHS)
    lengths = [len(row.input_ids) for row in rows]
    assert all(one + two > 100 - max(lengths) for one, two in pairwise(lengths))


def test_a_piece_of_a_document_does_not_end_it(chatml: "PreTrainedTokenizerFast") -> None:
    row = row_of(Example(1, text="The cow says moo.\n\n", ends_document=False), chatml)
    assert chatml.eos_token_id not in row.ids


@pytest.mark.parametrize("between", ["\n\n", ""])
@pytest.mark.parametrize("count", range(1, 40))
def test_no_row_is_a_single_token(count: int, between: str, chatml: "PreTrainedTokenizerFast", tmp_path: Path) -> None:
    document = between.join("x" * count)
    rows = split(document, chatml, tmp_path, 16)
    assert all(len(row.input_ids) > 1 for row in rows)
    text = decoded([token for row in rows for token in row.input_ids], chatml)
    assert text == document + "<|im_end|>"


def test_no_cut_leaves_a_single_token_before_it(tmp_path: Path) -> None:
    tokenizer = make_llama_tokenizer()
    rows = split("\n\n" + "Seven plus five. " * 10, tokenizer, tmp_path, 16)
    assert decoded([token for row in rows for token in row.input_ids], tokenizer).startswith("\n\nSeven")


def test_a_text_of_one_token_teaches_nothing(chatml: "PreTrainedTokenizerFast", tmp_path: Path) -> None:
    row = row_of(Example(1, text="x", ends_document=False), chatml)
    rows = fitted(tmp_path, [row], FitSettings(16))
    assert (len(rows), rows.nothing_to_learn) == (0, 1)


@pytest.mark.parametrize("max_length", [2, 3, 16, 100, 5000])
def test_every_row_of_a_text_begins_with_the_mark_that_the_model_expects(max_length: int, tmp_path: Path) -> None:
    tokenizer = make_beginning_tokenizer()
    rows = split(TEXT, tokenizer, tmp_path, max_length)
    assert {row.input_ids[0] for row in rows} == {tokenizer.bos_token_id}
    assert {row.labels[0] for row in rows} == {IGNORED}
    assert max(len(row.input_ids) for row in rows) <= max_length
    assert decoded([token for row in rows for token in row.input_ids[1:]], tokenizer) == TEXT + "<|end|>"
    assert all(row.labels[1:] == row.input_ids[1:] for row in rows)


@pytest.mark.parametrize("overlap", [1, 5, 8, 4096])
@pytest.mark.parametrize("max_length", [16, 64])
def test_an_overlap_is_read_and_not_learned_again(
    overlap: int, max_length: int, chatml: "PreTrainedTokenizerFast", tmp_path: Path
) -> None:
    rows = split(TEXT, chatml, tmp_path, max_length, overlap)
    again = min(overlap, max_length // 2)
    learned: list[int] = []
    for number, row in enumerate(rows):
        read = again if number else 0
        assert row.input_ids[:read] == learned[len(learned) - read :]
        assert row.labels == [IGNORED] * read + row.input_ids[read:]
        assert read < len(row.input_ids) <= max_length
        learned += row.input_ids[read:]
    assert decoded(learned, chatml) == TEXT + "<|im_end|>"


def test_an_overlap_stands_after_the_mark_of_the_beginning(tmp_path: Path) -> None:
    tokenizer = make_beginning_tokenizer()
    one, two = split(TEXT, tokenizer, tmp_path, 20, overlap=3)[:2]
    assert two.input_ids[:4] == [tokenizer.bos_token_id, *one.input_ids[-3:]]
    assert two.labels[:5] == [IGNORED] * 4 + two.input_ids[4:5]


@pytest.mark.parametrize("over_long", ["drop", "cut_end"])
def test_a_long_text_is_split_whatever_becomes_of_long_answers(
    over_long: str, chatml: "PreTrainedTokenizerFast", tmp_path: Path
) -> None:
    rows = fitted(tmp_path, [row_of(Example(1, text=TEXT), chatml)], FitSettings(64, over_long))
    assert (rows.cut, rows.dropped, rows.nothing_to_learn) == (0, 0, 0)
    assert decoded([token for row in rows for token in row.input_ids], chatml) == TEXT + "<|im_end|>"
