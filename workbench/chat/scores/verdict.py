"""What was forgotten, in words: how much more general texts surprise the tuned model than the original.

Perplexity is e to the mean loss of a token: of so many equally likely words the model had to choose each time. What
counts is its growth, since its height depends on the tokenizer.

- up to 5 %: it kept its general knowledge. A harmless tuning changes how it talks, which alone moves it this much.
- up to 20 %: it forgot a little. That is less than what the next smaller model of the same family is worse.
- up to 100 %: it forgot noticeably: it reads like a clearly smaller model.
- above: it forgot much.
"""

import math
from dataclasses import dataclass
from typing import Literal

Word = Literal["kept", "a little", "noticeably", "much", "improved", "never knew"]

KEPT, LITTLE, NOTICEABLY = 0.05, 0.20, 1.0
"""Growth of perplexity up to which it is called so."""

HARDLY_READS = 200.0
"""From this perplexity on the original is at a loss with general texts itself. Models that were trained on the web have
10 to 50 here; a practice model that has seen a few hundred sentences has thousands."""

_LARGEST_LOSS = 700.0
"""Whose exponential is still a number."""

_WORDS: dict[Word, str] = {
    "improved": "It reads general texts even better than before",
    "kept": "It kept its general knowledge",
    "a little": "It forgot a little",
    "noticeably": "It forgot noticeably",
    "much": "It forgot much of what it knew",
}
_ADVICE: dict[Word, str] = {
    "noticeably": " Fewer passes, a lower learning speed or a smaller rank forget less.",
    "much": " Train again with fewer passes, a lower learning speed or a smaller rank.",
}
_NEVER_KNEW = (
    "The original hardly reads general texts itself (perplexity {before} → {after}, {growth}), so there is little "
    "that could be forgotten."
)


@dataclass(frozen=True)
class Verdict:
    """A word to be sorted by, and the sentence for people."""

    word: Word
    sentence: str


def judge(before: float, after: float) -> Verdict:
    """By the perplexities of the original and of the tuned model."""
    told = {"before": tell_perplexity(before), "after": tell_perplexity(after), "growth": _tell_growth(before, after)}
    if before >= HARDLY_READS:
        return Verdict("never knew", _NEVER_KNEW.format(**told))
    word = _word(after / before - 1)
    numbers = "(perplexity {before} → {after}, {growth})".format(**told)
    return Verdict(word, f"{_WORDS[word]} {numbers}.{_ADVICE.get(word, '')}")


def perplexity(loss: float, tokens: int) -> float:
    """Of a summed loss in nats; that of a model whose weights are no numbers any more is the largest there can be."""
    mean = loss / tokens
    return math.exp(mean if mean < _LARGEST_LOSS else _LARGEST_LOSS)


def tell_perplexity(value: float) -> str:
    if value < 100:
        return f"{value:.1f}"
    return f"{value:,.0f}" if value < 1e9 else "more than a billion"


def _word(growth: float) -> Word:
    if growth < -KEPT:
        return "improved"
    if growth <= KEPT:
        return "kept"
    if growth <= LITTLE:
        return "a little"
    return "noticeably" if growth <= NOTICEABLY else "much"


def _tell_growth(before: float, after: float) -> str:
    growth = after / before - 1
    if growth > 9.99:
        return f"{after / before:,.0f} times as much" if after / before < 1e9 else "beyond all measure"
    return f"{growth:+.0%}".replace("%", " %").replace("-", "−")
