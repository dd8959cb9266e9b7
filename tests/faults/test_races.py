"""Of two starts at the same instant one wins; of two runs only one trains; of two names each gets its own folder."""

from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest

from tests.faults.conftest import Cases
from tests.faults.racing import create_run, race, start_a_job_each, start_one_job
from workbench.config.run_config import RunConfig
from workbench.jobs.files import read_lines
from workbench.jobs.folder import JobFolder
from workbench.runs.run_dir import RunDir, all_runs

pytestmark = pytest.mark.slow


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "jobs"
    path.mkdir()
    return path


def test_of_two_starts_of_one_job_exactly_one_wins(folder: Path, cases: Cases) -> None:
    rounds = cases.number(8, 100)
    for number in range(rounds):
        (folder / f"job-{number}").mkdir()
    for number, told in enumerate(race(partial(start_one_job, folder), rounds, folder)):
        refused = f"job-{number} has been started already."
        assert sorted(told) == sorted(["started", refused]), (number, told)
        job = JobFolder(folder / f"job-{number}")
        assert job.status().phase == "stopped" and not job.is_alive()


def test_two_jobs_never_have_the_slot_at_once(folder: Path, cases: Cases) -> None:
    rounds = cases.number(4, 40)
    for number in range(rounds):
        for me in (0, 1):
            (folder / f"job-{number}-{me}").mkdir()
    assert race(partial(start_a_job_each, folder), rounds, folder) == [["started", "started"]] * rounds
    notes, _ = read_lines(folder / "notes.jsonl")
    assert len(notes) == 4 * rounds
    for before, after in list(pairwise(notes))[::2]:
        assert (before["event"], after["event"]) == ("begin", "end") and before["job"] == after["job"]


def test_two_runs_of_one_name_get_a_folder_each(root: Path, tmp_path: Path, config: RunConfig, cases: Cases) -> None:
    rounds = cases.number(30, 100)
    for number, ids in enumerate(race(partial(create_run, root, config), rounds, tmp_path)):
        assert sorted(ids) == [f"race-{number}", f"race-{number}-2"]
    runs = all_runs(root)
    assert len(runs) == 2 * rounds
    assert all(RunDir.open(root, run.id).asked() == config for run in runs)
