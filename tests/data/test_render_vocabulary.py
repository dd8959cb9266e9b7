"""What each token stands for, told without the tokenizer."""

from pathlib import Path

import pytest

from tests.data.tokenizers import (
    KINDS,
    Maker,
    make_gpt_tokenizer,
    make_llama_tokenizer,
    make_metaspace_tokenizer,
    make_old_llama_tokenizer,
)
from tests.tiny import make_tokenizer
from workbench.data.rendering import vocabulary
from workbench.data.rendering.vocabulary import Vocabulary

TEXTS = [
    "Ahoy, matey!",
    "two  spaces \n\n and\tmore ",
    "Grüße 👋🏽 Żółw 你好 🏴‍☠️",
    "x",
    "<|start|>user<|stop|>\nHello<|end|>",
]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("make", KINDS)
def test_the_pieces_of_a_text_are_the_text(make: Maker, text: str, tmp_path: Path) -> None:
    tokenizer = make()
    vocabulary.write(tokenizer, tmp_path / "vocabulary.arrow")
    ids = tokenizer(text, add_special_tokens=False)["input_ids"]
    pieces = Vocabulary(tmp_path / "vocabulary.arrow").pieces(ids)
    assert len(pieces) == len(ids)
    written = b"".join(pieces).decode()
    if make in (make_gpt_tokenizer, make_old_llama_tokenizer):
        for mark in ("<|start|>", "<|stop|>"):
            written = written.replace(mark + " ", mark)
    if make in (make_gpt_tokenizer, make_old_llama_tokenizer, make_metaspace_tokenizer):
        written = written.removeprefix(" ")
    assert written == text


def test_a_letter_may_be_spread_over_tokens_and_a_mark_is_one(tmp_path: Path) -> None:
    tokenizer = make_llama_tokenizer()
    vocabulary.write(tokenizer, tmp_path / "vocabulary.arrow")
    ids = tokenizer("<|end|>ż", add_special_tokens=False)["input_ids"]
    assert Vocabulary(tmp_path / "vocabulary.arrow").pieces(ids) == [b"<|end|>", b"\xc5", b"\xbc"]


def test_ids_that_stand_for_nothing_are_nothing(tmp_path: Path) -> None:
    tokenizer = make_tokenizer()
    vocabulary.write(tokenizer, tmp_path / "vocabulary.arrow")
    known = Vocabulary(tmp_path / "vocabulary.arrow")
    assert len(known) == len(tokenizer)
    assert known.pieces([len(known), -1, tokenizer.eos_token_id]) == [b"", b"", b"<|im_end|>"]
    assert known.pieces([]) == []
