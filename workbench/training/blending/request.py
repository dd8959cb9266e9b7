"""A blend as it is asked for."""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from workbench.config.methods import MOST_RANK
from workbench.errors import RunError
from workbench.training.blending.ways import WAYS

FEWEST, MOST = 2, 6
"""Adapters in one blend."""

LEAST_WEIGHT, MOST_WEIGHT = -1.0, 2.0
LEAST_DENSITY = 0.05
MOST_SEED = 2**31 - 1

BASE_NAME = "blend"
"""What a blend is called that was given no name, with a number behind."""


@dataclass(frozen=True)
class Share:
    """One adapter of a blend: the id of its run, and how much of it."""

    run: str
    weight: float


@dataclass(frozen=True)
class BlendRequest:
    """What is blended, and how. Settings that a way does not have are not looked at."""

    shares: tuple[Share, ...]
    way: str = "cat"
    density: float = 0.5
    """The share of each adapter's numbers that is kept, where the way drops some."""
    rank: int | None = None
    """The rank of what comes out, where the way has one; None is the largest among the adapters."""
    seed: int = 0
    name: str = ""

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        return cls(**{**data, "shares": tuple(Share(**share) for share in data["shares"])})

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    def check(self) -> None:
        """Raises RunError for what can be no blend, whatever the adapters are."""
        self._check_count()
        for share in self.shares:
            self._check_weight(share)
        self._check_way()

    def _check_count(self) -> None:
        ids = [share.run for share in self.shares]
        if len(ids) < FEWEST:
            raise RunError(f"A blend needs at least {FEWEST} adapters, and {len(ids)} is chosen.", "Choose another.")
        if len(ids) > MOST:
            raise RunError(f"A blend takes at most {MOST} adapters, not {len(ids)}.", "Leave some out.")
        if twice := next((run for run in ids if ids.count(run) > 1), ""):
            raise RunError(f"{twice} is chosen twice.", "Choose it once, with the weight it is to have.")

    def _check_weight(self, share: Share) -> None:
        if not LEAST_WEIGHT <= share.weight <= MOST_WEIGHT:  # also true of NaN
            span = f"from {LEAST_WEIGHT:g} to {MOST_WEIGHT:g}"
            raise RunError(f"The weight of {share.run} is {share.weight:g}.", f"Weights go {span}.")
        if math.isclose(share.weight, 0.0, abs_tol=1e-9):
            raise RunError(f"{share.run} has the weight 0 and would add nothing.", "Give it a weight, or leave it out.")

    def _check_way(self) -> None:
        way = WAYS.get(self.way)
        if way is None:
            raise RunError(f"There is no way “{self.way[:40]}” to blend.", f"There are {', '.join(WAYS)}.")
        if way.has_density and not LEAST_DENSITY <= self.density <= 1.0:
            hint = f"It goes from {LEAST_DENSITY:g} to 1, which keeps all."
            raise RunError(f"{self.density:g} cannot be the share of numbers that is kept (density).", hint)
        if way.has_rank and self.rank is not None and not 1 <= self.rank <= MOST_RANK:
            raise RunError(f"The rank {self.rank} is outside 1 to {MOST_RANK}.", "Choose a rank between these.")
        if way.is_random and not 0 <= self.seed <= MOST_SEED:
            raise RunError(f"The seed {self.seed} is outside 0 to {MOST_SEED}.", "Choose a number between these.")
