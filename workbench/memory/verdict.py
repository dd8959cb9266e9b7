"""Whether what a run needs fits into the memory that is free, in a word."""

from typing import Literal, get_args

Verdict = Literal["fits", "tight", "will not fit"]

COMFORTABLE = 0.8
"""The share of the free memory that a run may take without crowding out what else the machine does."""


def worse(one: Verdict, other: Verdict) -> Verdict:
    return max(one, other, key=get_args(Verdict).index)


def judge(needed_gb: float, free_gb: float) -> Verdict:
    if needed_gb > free_gb:
        return "will not fit"
    return "fits" if needed_gb <= COMFORTABLE * free_gb else "tight"
