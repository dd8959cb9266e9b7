"""The ways in which adapters can be blended: what each does, when it is right, and what it needs. No torch."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Way:
    """One way, as people choose it."""

    label: str
    says: str
    """What it does and when it is right, in a line or two."""
    needs_equal_ranks: bool = False
    """Whether it computes with the halves of the adapters, which then must have one size."""
    has_density: bool = False
    has_rank: bool = False
    is_random: bool = False


_ROUGH = "It works on the two halves of each adapter apart, so the blend is not the sum of what they do."

WAYS: Mapping[str, Way] = {
    "cat": Way(
        "Side by side (concatenated)",
        "Exact: the blend does what all the adapters do together, each times its weight. Their ranks may differ and "
        "add up, so the file grows. Right when in doubt.",
    ),
    "svd": Way(
        "Side by side, then made smaller (SVD)",
        "The nearest to the exact sum that fits into the rank you choose. Right when the exact blend is too large. It "
        "tells how much was lost.",
        has_rank=True,
    ),
    "linear": Way(
        "Halves added (linear)",
        f"Quick, and as small as one adapter. {_ROUGH} Each half is multiplied by the square root of the weight; a "
        "negative weight turns the first half round, so that the adapter's own part is taken away. Right for adapters "
        "that were trained further from the same one.",
        needs_equal_ranks=True,
    ),
    "ties": Way(
        "Where they agree (TIES)",
        "Keeps only the largest numbers of each adapter, lets the adapters vote on the sign of each, and averages "
        f"those that agree. {_ROUGH} Right for adapters that get in each other's way.",
        needs_equal_ranks=True,
        has_density=True,
    ),
    "dare_linear": Way(
        "Thinned, then added (DARE)",
        "Drops numbers of each adapter at random, makes the rest larger to make up for them, and adds the halves. "
        f"{_ROUGH} Right for adapters that hold more than they need.",
        needs_equal_ranks=True,
        has_density=True,
        is_random=True,
    ),
    "dare_ties": Way(
        "Thinned, then where they agree (DARE TIES)",
        f"As DARE, but then the signs are voted on as in TIES, and those that agree are averaged. {_ROUGH} Right for "
        "several adapters that get in each other's way.",
        needs_equal_ranks=True,
        has_density=True,
        is_random=True,
    ),
}
"""By the names that PEFT gives them."""

EXACT, SMALLER = "cat", "svd"
"""The two that take adapters of any rank."""
