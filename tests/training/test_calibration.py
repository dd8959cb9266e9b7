"""Measuring this machine: never while a run trains."""

from pathlib import Path

import pytest

from workbench.errors import RunError
from workbench.jobs.queue import Lock
from workbench.runs.queue import slot_path
from workbench.training.calibration.job import calibrate, is_measured, is_under_way, start_calibration


def test_nothing_is_measured_while_a_run_trains(root: Path) -> None:
    slot = Lock(slot_path(root))
    assert slot.take()
    assert not start_calibration(root)
    with pytest.raises(RunError, match="is training"):
        calibrate(root)
    slot.close()
    assert not is_under_way(root) and not is_measured(root)
