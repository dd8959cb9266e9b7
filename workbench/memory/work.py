"""What a run computes, and how long that takes at the rates of a machine. No torch."""

from collections.abc import Sequence
from dataclasses import dataclass

from workbench.memory.rates import MEASURED_ROW_TOKENS, Rates, seconds_between

_OTHER_CODES = 1.2
"""Times that whole weights take, where codes were not measured: bitsandbytes beside its own, see docs/speed.md."""

_TRAINED_HEAD = 1.5
"""A product for the gradient of the weights comes to the two of a frozen layer."""

_BEYOND_BEST = 1.06
"""Times that updates take of what they take at their best, which is what is measured: the mean of runs on two cores."""


@dataclass(frozen=True)
class Batch:
    """What is computed at once; on the fast path, by each of the threads."""

    tokens: float
    pairs: float
    """Of tokens, the first of which is seen by the second."""
    learned: float

    @classmethod
    def of(cls, lengths: Sequence[int], learned: float) -> "Batch":
        return cls(sum(lengths), sum(length**2 for length in lengths) / 2, learned)


@dataclass(frozen=True)
class Work:
    """What decides how long a batch takes."""

    precision: str
    codes: str
    """The kind that weights are held as; "none" where they are whole."""
    layers: int
    layer_weights: float
    """Of the linear layers in one, and what adapters add to them."""
    width: int
    """Numbers that the queries of a token are."""
    head_weights: int
    trained_share: float = 0.0
    """Of the model's own weights."""
    trained_inside: int = 0
    """How many these are."""
    checkpointing: bool = False
    alone: bool = False
    """Whether all threads compute one batch."""


def update_seconds(work: Work, batches: Sequence[Batch], rates: Rates) -> float:
    """Forward, back and the optimizer."""
    again = rates.forward_share if work.checkpointing else 0.0
    inside = sum((1 + again) * _layers_seconds(work, batch, rates) for batch in batches)
    head = sum(_head_seconds(work, batch, rates) for batch in batches)
    head *= _TRAINED_HEAD if work.trained_share == 1 else 1.0
    return _BEYOND_BEST * (rates.update_seconds + inside + head + rates.settle_seconds * work.trained_inside)


def loss_seconds(work: Work, batches: Sequence[Batch], rates: Rates) -> float:
    """Forward alone."""
    return rates.forward_share * sum(
        _layers_seconds(work, batch, rates) + _head_seconds(work, batch, rates) for batch in batches
    )


def answer_seconds(work: Work, prompt: Batch, tokens: float, rates: Rates) -> float:
    """A prompt that is read, and so many tokens that are written."""
    points = rates.answers[work.precision]
    layer = seconds_between(points, work.layer_weights, 1)
    largest = max(points)
    head = work.head_weights * largest[2] / largest[0]
    return loss_seconds(work, [prompt], rates) + tokens * (work.layers * layer + head)


def _layers_seconds(work: Work, batch: Batch, rates: Rates) -> float:
    whole = _layer_seconds(work, batch, rates, trained=False)
    trained = _layer_seconds(work, batch, rates, trained=True) if work.trained_share else 0.0
    of_layer = work.trained_share * trained + (1 - work.trained_share) * whole
    further = batch.pairs - batch.tokens * MEASURED_ROW_TOKENS / 2
    attention = rates.attention_seconds[work.precision] * further * work.width
    return work.layers * max(of_layer / 2, of_layer + attention)


def _layer_seconds(work: Work, batch: Batch, rates: Rates, *, trained: bool) -> float:
    table = rates.full if trained else rates.alone if work.alone else rates.layers
    points = table[work.precision]
    seconds = seconds_between(points, work.layer_weights, batch.tokens)
    if work.codes == "none":
        return seconds
    if work.codes in rates.codes:
        return seconds + seconds_between(rates.codes[work.codes], work.layer_weights, 1)
    return _OTHER_CODES * seconds


def _head_seconds(work: Work, batch: Batch, rates: Rates) -> float:
    return rates.head_seconds[work.precision] * batch.learned * work.head_weights
