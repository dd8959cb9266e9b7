"""How long a batch takes at the rates of a machine, counted by hand."""

from dataclasses import replace
from typing import Any

import pytest

from tests.rates import RATES
from workbench.memory.rates import Rates
from workbench.memory.work import Batch, Work, answer_seconds, loss_seconds, update_seconds

PLAIN = Work("bf16", "none", layers=4, layer_weights=1000, width=8, head_weights=100_000)
BATCH = Batch(tokens=100, pairs=6400, learned=50)
"""Its rows are as long as those that were measured: 100 · 128 / 2 pairs."""

LAYERS, HEAD, ONCE = 4 * 0.1, 50 * 100_000 * 1e-9, 0.01
USUAL = 1.06
"""Times that updates take of what they take at their best."""


@pytest.fixture
def rates() -> Rates:
    found = Rates.from_json(RATES)
    assert found
    return found


@pytest.mark.parametrize(
    ("changes", "seconds"),
    [
        ({}, ONCE + LAYERS + HEAD),
        ({"checkpointing": True}, ONCE + 1.5 * LAYERS + HEAD),
        ({"codes": "nf4"}, ONCE + 4 * (0.1 + 1000 * 0.001) + HEAD),
        ({"codes": "int8"}, ONCE + 1.2 * LAYERS + HEAD),
        ({"alone": True}, ONCE + 0.75 * LAYERS + HEAD),
        ({"trained_share": 1.0, "trained_inside": 10_000}, ONCE + 2 * LAYERS + 1.5 * HEAD + 0.01),
        ({"trained_share": 0.5, "trained_inside": 5_000}, ONCE + 1.5 * LAYERS + HEAD + 0.005),
    ],
    ids=["LoRA", "checkpointing", "4 bits", "8 bits", "one batch", "full", "half of the layers"],
)
def test_an_update_is_the_sum_of_its_parts(rates: Rates, changes: dict[str, Any], seconds: float) -> None:
    assert update_seconds(replace(PLAIN, **changes), [BATCH], rates) == pytest.approx(USUAL * seconds)


def test_two_batches_are_settled_once(rates: Rates) -> None:
    assert update_seconds(PLAIN, [BATCH, BATCH], rates) == pytest.approx(USUAL * (ONCE + 2 * (LAYERS + HEAD)))


def test_long_rows_take_longer_to_attend_to(rates: Rates) -> None:
    long = replace(BATCH, pairs=6400 + 1_000_000)
    more = update_seconds(PLAIN, [long], rates) - update_seconds(PLAIN, [BATCH], rates)
    assert more == pytest.approx(USUAL * 4 * 1_000_000 * 8 * 1e-8)


def test_a_check_goes_forward_alone(rates: Rates) -> None:
    assert loss_seconds(PLAIN, [BATCH], rates) == pytest.approx(0.5 * (LAYERS + HEAD))


def test_an_answer_is_a_prompt_and_its_tokens(rates: Rates) -> None:
    """The output layer is read as fast as the layers: 0.001 s for a million weights."""
    seconds = answer_seconds(PLAIN, BATCH, 10, rates)
    assert seconds - loss_seconds(PLAIN, [BATCH], rates) == pytest.approx(10 * (4 * 0.001 + 0.0001))
