"""Measuring this machine: never while a run trains."""

from pathlib import Path

import pytest

from tests.rates import keep
from workbench.cli import main
from workbench.errors import RunError
from workbench.jobs.queue import Lock
from workbench.memory.rates import ENGINES, read
from workbench.runs.queue import slot_path
from workbench.training.calibration.findings import examine_speed
from workbench.training.calibration.job import (
    calibrate,
    cancel_calibration,
    is_measured,
    is_under_way,
    start_calibration,
)


def test_nothing_is_measured_while_a_run_trains(root: Path) -> None:
    slot = Lock(slot_path(root))
    assert slot.take()
    assert not start_calibration(root)
    with pytest.raises(RunError, match="is training"):
        calibrate(root)
    slot.close()
    assert not is_under_way(root) and not is_measured(root)


def test_what_was_measured_is_told(root: Path) -> None:
    missing = examine_speed(root).findings
    assert [finding.value for finding in missing] == ["not measured yet", "not measured yet"]
    keep(root)
    told = {finding.topic: finding.value for finding in examine_speed(root).findings}
    assert told["fast path, bf16"].endswith("2 GB of weights read a second in an answer")
    assert told["standard path, fp32"].startswith("4,000,000 billion operations a second in an update")


@pytest.mark.slow
def test_measuring_can_be_cancelled_and_done_anew(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert start_calibration(root)
    cancel_calibration(root)
    while is_under_way(root):
        pass
    assert not is_measured(root)
    assert main(["doctor", "--measure", "--root", str(root)]) == 0
    assert "fast path, bf16" in capsys.readouterr().out
    for engine in ENGINES:
        rates = read(root, engine)
        assert rates and max(rates.layers["fp32"])[2] > min(rates.layers["fp32"])[2]
