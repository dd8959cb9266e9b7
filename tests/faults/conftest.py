"""A planned tiny run to copy, and how many cases are tried."""

import os
import random
from collections.abc import Sequence
from typing import TypeVar

import pytest

from tests.training.conftest import config, examples  # noqa: F401 - the fixtures of the training tests

Case = TypeVar("Case")


class Cases:
    """How much is tried: a sample, or all where WORKBENCH_FAULTS=all. The choice is fixed by the seed."""

    def __init__(self, seed: str) -> None:
        self.all = os.environ.get("WORKBENCH_FAULTS") == "all"
        self.chance = random.Random(seed)

    def number(self, sample: int, everything: int) -> int:
        return everything if self.all else sample

    def among(self, cases: Sequence[Case], sample: int) -> list[Case]:
        """All of them in their order, or some."""
        if self.all or sample >= len(cases):
            return list(cases)
        chosen = set(self.chance.sample(range(len(cases)), sample))
        return [case for place, case in enumerate(cases) if place in chosen]


@pytest.fixture
def cases(request: pytest.FixtureRequest) -> Cases:
    """Cases whose seed is the name of the test."""
    return Cases(request.node.name)


@pytest.fixture(autouse=True)
def _reading_here(reading_here: None) -> None:
    """Every test here plans a run."""
