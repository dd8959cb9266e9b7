"""A run that is slower than planned says so, and no other does."""

from pathlib import Path

import pytest

from tests.recorded_run import RecordedRun
from workbench.jobs.folder import Status
from workbench.monitoring.course import Course
from workbench.monitoring.findings import find
from workbench.monitoring.pace import slower_than_planned, step_in
from workbench.runs.foretold import Foretold


def course(root: Path, seconds: tuple[float, float], basis: str, updates: int = 30, step: float = 6.5) -> Course:
    """A run of 480 updates at 52 minutes in all."""
    run = RecordedRun(root)
    terms = {"training": {"libraries": 4e8}}
    Foretold(0.4, 9.0, terms, 1.0, None, None, 480, *seconds, basis, {}).keep(run.dir.path)
    for number in range(1, updates + 1):
        run.step(number, seconds=step * number)
    run.phase("training", updates)
    return Course(run.dir).poll()


def test_what_it_takes_is_said_beside_what_was_planned(root: Path) -> None:
    slow = course(root, (1700.0, 1906.0), "calibrated")
    told = "It is slower than planned: 52 min instead of 30 min. “Finish earlier” brings its end nearer;"
    assert str(slower_than_planned(slow)).startswith(told)
    assert any(finding.sentence.startswith(told) for finding in find(slow))


@pytest.mark.parametrize(
    ("seconds", "basis", "updates", "step_seconds"),
    [
        ((2500.0, 3600.0), "calibrated", 30, 6.5),
        ((600.0, 2900.0), "arithmetic", 30, 6.5),
        ((1700.0, 1900.0), "calibrated", 9, 6.5),
        ((10.0, 12.0), "run", 30, 0.1),
    ],
)
def test_nothing_is_said_otherwise(
    root: Path, seconds: tuple[float, float], basis: str, updates: int, step_seconds: float
) -> None:
    assert slower_than_planned(course(root, seconds, basis, updates, step_seconds)) is None


def test_one_that_finishes_earlier_is_held_against_its_part(root: Path) -> None:
    slow = course(root, (1700.0, 1906.0), "calibrated")
    slow.run.write_status(Status("training", 30, 240))
    assert "26 min instead of 15 min" in str(slower_than_planned(slow))


def test_the_update_that_is_reached_in_some_minutes(root: Path) -> None:
    assert step_in(course(root, (1700.0, 1906.0), "calibrated"), 650.0) == 130
