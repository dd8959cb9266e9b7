"""Texts as tokens: all of it is learned, in rows that are cut where it hurts least."""

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from tests.data.tokenizers import decoded, make_beginning_tokenizer, make_llama_tokenizer
from tests.tiny import make_tokenizer
from workbench.data.examples import Example
from workbench.data.reading.records import Unfit
from workbench.data.rendering.render import render
from workbench.data.rendering.rows import IGNORED

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast


@pytest.fixture(scope="module")
def chatml() -> "PreTrainedTokenizerFast":
    return make_tokenizer()


PARAGRAPHS = [f"Paragraph {number}: " + "the cow says moo. " * (number % 5 + 1) for number in range(30)]
TEXT = "\n\n".join(PARAGRAPHS) + "\n\n" + "Seven plus five is twelve. 🏴‍☠️ " * 60


@pytest.mark.parametrize("max_length", [16, 64, 100, 5000])
def test_a_text_is_learned_whole_and_ends_once(max_length: int, chatml: "PreTrainedTokenizerFast") -> None:
    rows = render(Example(1, text=TEXT), chatml, max_length)
    ids = [token for row in rows for token in row.input_ids]
    assert ids[-1] == chatml.eos_token_id
    assert ids.count(chatml.eos_token_id) == 1
    assert decoded(ids[:-1], chatml) == TEXT
    assert all(row.labels == row.input_ids and 1 < len(row.input_ids) <= max_length for row in rows)


def test_a_text_is_cut_between_paragraphs_and_small_ones_are_gathered(chatml: "PreTrainedTokenizerFast") -> None:
    rows = render(Example(1, text="\n\n".join(PARAGRAPHS)), chatml, 100)
    texts = [decoded(row.input_ids, chatml) for row in rows]
    assert all(text.startswith("Paragraph ") for text in texts)
    assert len(rows) < len(PARAGRAPHS)
    lengths = [len(row.input_ids) for row in rows]
    assert all(one + two > 100 - max(lengths) for one, two in pairwise(lengths))


def test_a_piece_of_a_document_does_not_end_it(chatml: "PreTrainedTokenizerFast") -> None:
    (row,) = render(Example(1, text="The cow says moo.\n\n", ends_document=False), chatml, 512)
    assert chatml.eos_token_id not in row.input_ids


@pytest.mark.parametrize("between", ["\n\n", ""])
@pytest.mark.parametrize("count", range(1, 40))
def test_no_row_is_a_single_token(count: int, between: str, chatml: "PreTrainedTokenizerFast") -> None:
    document = between.join("x" * count)
    rows = render(Example(1, text=document), chatml, 16)
    assert all(len(row.input_ids) > 1 for row in rows)
    text = decoded([token for row in rows for token in row.input_ids], chatml)
    assert text == document + "<|im_end|>"


def test_no_cut_leaves_a_single_token_before_it() -> None:
    tokenizer = make_llama_tokenizer()
    rows = render(Example(1, text="\n\n" + "Seven plus five. " * 10), tokenizer, 16)
    assert decoded([token for row in rows for token in row.input_ids], tokenizer).startswith("\n\nSeven")


def test_a_text_of_one_token_teaches_nothing(chatml: "PreTrainedTokenizerFast") -> None:
    with pytest.raises(Unfit, match="nothing to learn"):
        render(Example(1, text="x", ends_document=False), chatml, 16)


@pytest.mark.parametrize("max_length", [2, 3, 16, 100, 5000])
def test_every_row_of_a_text_begins_with_the_mark_that_the_model_expects(max_length: int) -> None:
    tokenizer = make_beginning_tokenizer()
    rows = render(Example(1, text=TEXT), tokenizer, max_length)
    assert {row.input_ids[0] for row in rows} == {tokenizer.bos_token_id}
    assert {row.labels[0] for row in rows} == {IGNORED}
    assert max(len(row.input_ids) for row in rows) <= max_length
    assert decoded([token for row in rows for token in row.input_ids[1:]], tokenizer) == TEXT + "<|end|>"
    assert all(row.labels[1:] == row.input_ids[1:] for row in rows)
