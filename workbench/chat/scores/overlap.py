"""How near answers come to what was expected: exact match, ROUGE-L and chrF, each from 0 to 100.

Only a worker asks for these: the libraries behind them are loaded when they are needed.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

_UNSPACED = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Burmese
    (0x1780, 0x17FF),  # Khmer
    (0x3040, 0x30FF),  # Hiragana, Katakana
    (0x3400, 0x9FFF),  # Chinese characters
    (0xF900, 0xFAFF),
    (0x20000, 0x3FFFF),
)
"""Scripts that put no spaces between words, as ranges of characters."""


@dataclass(frozen=True)
class Overlap:
    """Of some answers with what was expected."""

    exact: float
    """Share of answers that are equal, but for white space around them and between their words."""
    rouge_l: float
    """Mean over the answers of F1 = 2·P·R / (P + R), with P and R the share of the longest common subsequence in the
    words of the answer and of what was expected (Lin, 2004). As in Google's rouge-score, without stemming; words are
    those of `split_words`, so that other scripts than Latin count as well."""
    chrf: float
    """chrF2 of all answers together (Popović, 2015): character 1- to 6-grams, recall counts twice as much. By
    sacrebleu, with its defaults."""


def overlap(answers: Sequence[str], expected: Sequence[str]) -> Overlap:
    """Of at least one answer."""
    from sacrebleu.metrics import CHRF

    pairs = list(zip(answers, expected, strict=True))
    return Overlap(
        exact=100 * fmean(_plain(answer) == _plain(wanted) for answer, wanted in pairs),
        rouge_l=100 * fmean(rouge_l(answer, wanted) for answer, wanted in pairs),
        chrf=float(CHRF().corpus_score(list(answers), [list(expected)]).score),
    )


def rouge_l(answer: str, expected: str) -> float:
    """Of one answer, from 0 to 1; 0 where either has no words."""
    from rapidfuzz.distance import LCSseq

    words, wanted = split_words(answer), split_words(expected)
    common = LCSseq.similarity(words, wanted)
    return 2 * common / (len(words) + len(wanted)) if common else 0.0


def split_words(text: str) -> list[str]:
    """Runs of letters and digits in lower case; where a script has no spaces, each letter with its marks."""
    words: list[str] = []
    goes_on = False
    for character in unicodedata.normalize("NFC", text).lower():
        kind = unicodedata.category(character)[0]
        if kind == "M" and words and goes_on:
            words[-1] += character
        elif kind not in "LN":
            goes_on = False
        elif goes_on and not _is_unspaced(character) and not _is_unspaced(words[-1][0]):
            words[-1] += character
        else:
            words.append(character)
            goes_on = True
    return words


def _is_unspaced(character: str) -> bool:
    return any(first <= ord(character) <= last for first, last in _UNSPACED)


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())
