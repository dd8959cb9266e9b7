"""What is said of forgetting, at and around the thresholds, and what counts as a text."""

import math
from pathlib import Path

import pytest

from tests.tiny import make_tokenizer
from workbench.chat.scores.shipped_texts import FOLDER, check_own
from workbench.chat.scores.texts import passages, split_paragraphs
from workbench.chat.scores.verdict import HARDLY_READS, judge, perplexity
from workbench.errors import DataError


@pytest.mark.parametrize(
    ("before", "after", "word"),
    [
        (18.2, 17.0, "improved"),
        (18.2, 18.6, "kept"),
        (20.0, 20.99, "kept"),
        (20.0, 21.2, "a little"),
        (20.0, 24.1, "noticeably"),
        (20.0, 39.9, "noticeably"),
        (20.0, 40.1, "much"),
        (HARDLY_READS, 900.0, "never knew"),
        (20.0, math.exp(700), "much"),
    ],
)
def test_the_word_follows_from_the_growth(before: float, after: float, word: str) -> None:
    assert judge(before, after).word == word


def test_the_sentence_has_the_numbers() -> None:
    assert judge(18.2, 18.6).sentence == "It kept its general knowledge (perplexity 18.2 → 18.6, +2 %)."
    assert judge(20, 30).sentence.startswith("It forgot noticeably (perplexity 20.0 → 30.0, +50 %).")
    assert "−7 %" in judge(18.2, 17.0).sentence
    assert "50 times as much" in judge(20, 1000).sentence
    assert "hardly reads general texts itself" in judge(3000, 3300).sentence


def test_perplexity_is_that_of_the_mean_loss_and_always_a_number() -> None:
    assert perplexity(2 * math.log(8), 2) == pytest.approx(8)
    assert perplexity(1e9, 3) == perplexity(math.nan, 3) == math.exp(700)


def test_the_texts_that_ship_are_many_and_all_different() -> None:
    texts = {name: split_paragraphs((FOLDER / f"{name}.txt").read_text()) for name in ("general", "languages")}
    assert len(texts["general"]) >= 60
    assert len(texts["languages"]) >= 10
    everything = texts["general"] + texts["languages"]
    assert len(set(everything)) == len(everything)
    assert all(60 < len(text) < 600 for text in everything)


def test_a_text_of_the_user_is_looked_at_before_it_is_taken() -> None:
    assert check_own("\ufeffAhoy é".encode()) == "Ahoy é"
    for content in (b"", b"  \n", b"a\0b", b"\xff\xd8\xff", b"x" * 1_000_001):
        with pytest.raises(DataError):
            check_own(content)


def test_a_text_is_cut_into_pieces_that_the_model_can_read(tmp_path: Path) -> None:
    own = tmp_path / "own.txt"
    own.write_text("moo " * 30_000 + "\n\nThe end.")
    found = passages(make_tokenizer(), own, context_tokens=200)
    assert max(len(passage.row.input_ids) for passage in found) == 200
    assert 20_000 <= sum(len(passage.row.input_ids) for passage in found if passage.source == "own") < 21_000
    assert len({passage.key for passage in found}) == len(found)
