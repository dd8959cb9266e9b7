"""How long training will take, by what earlier runs reached."""

import json
from pathlib import Path

import pytest

from workbench.config.run_config import RunConfig
from workbench.hardware.devices import machine
from workbench.memory.time import PACES, Duration, measured_seconds_per_token, step_seconds
from workbench.runs.foretold import Foretold
from workbench.runs.run_dir import RunDir


def _run(root: Path, engine: str, rate: float, steps: int = 20) -> None:
    """One that learned 100 tokens an update, and was checked after each: seconds tell more than its updates took."""
    run = RunDir.create(root, engine, RunConfig(), {})
    rows = (
        {"step": step, "attempt": 1, "loss": 1.0, "tokens": 100 * step, "tokens_per_second": rate, "seconds": 99 * step}
        for step in range(1, steps + 1)
    )
    run.metrics_path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    ram = {"training": {"weights": 1.0}}
    told = Foretold(1.0, 2.0, ram, 1.0, None, None, steps, 1.0, 2.0, "arithmetic", {"engine": engine})
    told.keep(run.path)


def test_a_run_is_measured_by_those_of_its_kind(tmp_path: Path) -> None:
    _run(tmp_path, "standard", 100.0)
    _run(tmp_path, "fast", 500.0)
    seconds = [measured_seconds_per_token(tmp_path, {"engine": engine}) for engine in ("standard", "fast")]
    assert seconds == pytest.approx([0.01, 0.002])
    assert measured_seconds_per_token(tmp_path, {"engine": "fast", "quantization": "nf4"}) is None


def test_a_run_that_hardly_began_measures_nothing(tmp_path: Path) -> None:
    _run(tmp_path, "fast", 500.0, steps=5)
    assert measured_seconds_per_token(tmp_path, {"engine": "fast"}) is None


def test_the_fast_path_is_expected_to_be_fast() -> None:
    fast, standard = (step_seconds(135_000_000, 800, machine(), PACES[engine]) for engine in ("fast", "standard"))
    assert fast[0] < standard[0] and fast[1] < standard[1]


def test_the_likeliest_lies_between_both_ends() -> None:
    duration = Duration.about(100.0, (0.8, 1.25), "calibrated", 1.0)
    assert (duration.low_seconds, duration.high_seconds) == (80.0, 125.0)
    assert duration.seconds == pytest.approx(100.0)
