"""How much computing a training took, estimated, and beside what it is seen. A figure, no judgement."""

from dataclasses import dataclass

FORMULA = "6 · N · D: N parameters of the model, D tokens that it was trained on (Kaplan et al. 2020, arXiv:2001.08361)"

_FLOP_A_NUMBER = 6
_THRESHOLD = 1e23
"""FLOP from which on the European Commission's guidelines of July 2025 take a model for one of general purpose."""

_OF_BASE = "the training compute of {}"
_OF_THRESHOLD = "one third of 10^23 FLOP, since the training compute of {} is not known here"


@dataclass(frozen=True)
class Compute:
    """In FLOP; None where the tokens are not known."""

    flop: float | None
    formula: str
    beside: str
    """What it is compared with, in words."""
    beside_flop: float
    ratio: float | None


def flop(parameters: int, tokens: int) -> float:
    return float(_FLOP_A_NUMBER * parameters * tokens)


def estimate(parameters: int, tokens: int, base_name: str, base_flop: float | None) -> Compute:
    """Of a run that trained on so many tokens."""
    beside = (_OF_BASE if base_flop else _OF_THRESHOLD).format(base_name)
    beside_flop = base_flop or _THRESHOLD / 3
    taken = flop(parameters, tokens) if parameters and tokens else None
    return Compute(taken, FORMULA, beside, beside_flop, taken / beside_flop if taken else None)
