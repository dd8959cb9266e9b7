"""The advice on a result as the page gets it."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.recorded_run import RecordedRun
from workbench.errors import RunError
from workbench.monitoring.advice import COMPLAINTS
from workbench.ui.advice import advise_on, find_advice


@pytest.fixture
def run(root: Path) -> RecordedRun:
    run = RecordedRun(root, data__path="shop", method__rank=8)
    run.check(0, 3.7)
    run.train(1, 480)
    for step, loss in ((160, 1.9), (480, 2.5)):
        run.check(step, loss)
    return run.finish()


def test_every_complaint_has_a_name_a_cause_and_something_to_do(root: Path, run: RecordedRun) -> None:
    rows = advise_on(root, run.dir.id)["advice"]
    assert [row["complaint"] for row in rows] == list(COMPLAINTS)
    assert all(row["label"] and row["cause"] and bool(row["change"]) != bool(row["rows"]) for row in rows)
    json.dumps(rows, allow_nan=False)


@pytest.mark.parametrize("complaint", [None, "", "all", ["copies"], {"copies": 1}])
def test_a_complaint_that_does_not_exist_is_refused(run: RecordedRun, complaint: Any) -> None:
    with pytest.raises(RunError, match="does not exist"):
        find_advice(run.dir, complaint)


@pytest.mark.parametrize("arg", [None, 7, {"run": "pirate-1"}, "../pirate-1", "no-such-run", ""])
def test_advice_takes_ids_only(root: Path, run: RecordedRun, arg: Any) -> None:
    assert set(advise_on(root, arg)) == {"problem"}


def test_there_is_no_advice_on_a_run_without_a_result(root: Path) -> None:
    run = RecordedRun(root, "young").train(1, 5)
    assert "no result" in advise_on(root, run.dir.id)["problem"]
