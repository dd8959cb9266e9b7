"""What was measured of this machine, and what lies between."""

import json
from pathlib import Path

import pytest

from tests.rates import RATES, keep
from workbench.memory.rates import folder, read, seconds_between

POINTS = [(100, 10, 1.0), (100, 20, 2.0), (10_000, 10, 4.0), (10_000, 20, 16.0)]


@pytest.mark.parametrize(
    ("weights", "tokens", "seconds"),
    [
        (100, 15, 1.5),
        (100, 40, 4.0),
        (10, 10, 1.0),
        (1000, 10, 2.0),
        (1000, 20, (2.0 * 16.0) ** 0.5),
        (20_000, 20, 32.0),
        (100, 5, 0.5),
    ],
    ids=["between amounts", "more", "smaller", "between sizes", "of another amount", "larger", "less"],
)
def test_what_lies_between_is_on_straight_lines(weights: float, tokens: float, seconds: float) -> None:
    assert seconds_between(POINTS, weights, tokens) == pytest.approx(seconds)


def test_rates_are_read_as_they_were_kept(root: Path) -> None:
    keep(root)
    rates = read(root, "fast")
    assert rates and rates.update_seconds == RATES["update_seconds"]
    assert read(root, "standard")


@pytest.mark.parametrize(
    "damage",
    ["", "{", "[]", '{"layers": 1}', json.dumps(RATES | {"layers": {}}), json.dumps(RATES | {"start_seconds": -1})],
)
def test_a_damaged_record_is_none(root: Path, damage: str) -> None:
    assert read(root, "fast") is None
    keep(root)
    (folder(root) / "fast.json").write_text(damage)
    assert read(root, "fast") is None
