"""Which tokens may be drawn."""

from typing import Any

import pytest
import torch

from workbench.config.sampling import Sampling
from workbench.models.sampling import Sampler

CHANCES = torch.tensor([0.1, 0.4, 0.02, 0.28, 0.2])


def drawn(**options: Any) -> set[int]:
    sampler = Sampler(Sampling(temperature=options.pop("temperature", 1.0), **options))
    return {sampler.pick(CHANCES.log(), [1]) for _ in range(500)}


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"temperature": 0.0}, {1}),
        ({}, {0, 1, 2, 3, 4}),
        ({"top_k": 2}, {1, 3}),
        ({"top_k": 99}, {0, 1, 2, 3, 4}),
        ({"top_p": 0.5}, {1, 3}),
        ({"top_p": 0.01}, {1}),
        ({"top_p": 0.69, "top_k": 2}, {1, 3}),
        ({"min_p": 0.3}, {1, 3, 4}),
        ({"min_p": 0.6, "top_k": 3}, {1, 3}),
        ({"temperature": 0.0, "repetition_penalty": 2.0}, {3}),
    ],
)
def test_only_what_is_likely_enough_is_drawn(options: dict[str, Any], expected: set[int]) -> None:
    assert drawn(**options) == expected


def test_tokens_come_as_often_as_they_are_likely() -> None:
    sampler = Sampler(Sampling(temperature=1.0))
    picks = torch.tensor([sampler.pick(CHANCES.log(), []) for _ in range(4000)])
    assert torch.allclose(picks.bincount(minlength=5) / 4000, CHANCES, atol=0.03)


def test_a_large_flat_vocabulary_is_drawn_from_beyond_the_shortlist() -> None:
    sampler = Sampler(Sampling(temperature=1.0, top_p=0.9))
    picks = {sampler.pick(torch.arange(5000) * -1e-6, []) for _ in range(300)}
    assert max(picks) > 1000
    assert max(picks) < 4600
