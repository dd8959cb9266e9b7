"""The line of waiting runs in a browser: moved by keyboard, left, and joined again."""

import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import SOON, Workbench, expect
from tests.jobs.test_supervisor import until
from tests.recorded_run import RecordedRun
from workbench.jobs import supervisor
from workbench.runs.queue import slot_path
from workbench.runs.run_dir import all_runs

pytestmark = pytest.mark.browser


@pytest.fixture
def line(workbench: Workbench, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A run that works and two that wait, with real supervisors."""
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[2]))
    for name in ("busy", "second", "third"):
        run = RecordedRun(workbench.root, name, training__save_every=100).dir
        run.environment_path.unlink()
        supervisor.start(run, slot_path(workbench.root), "tests.jobs.waiting_worker")
        until(run, "queued", "training")
    yield
    for run in all_runs(workbench.root):
        for process in run.processes().values():
            process.signal(signal.SIGKILL)


def test_waiting_runs_are_moved_taken_out_and_put_back(tab: Any, line: None) -> None:
    tab.get_by_role("tab", name="Runs").click()
    rows = tab.locator("#runs-rows tr")
    expect(rows).to_have_count(3, timeout=SOON)
    expect(rows.nth(1)).to_contain_text("secondwaiting, 1st of 2")
    tab.get_by_role("button", name="Move third up").press("Enter")
    expect(rows.nth(1)).to_contain_text("thirdwaiting, 1st of 2", timeout=SOON)
    expect(tab.get_by_role("button", name="Move third up")).to_be_focused()
    tab.get_by_role("button", name="Take third out of the line").click()
    note = tab.locator("#runs-note")
    expect(note).to_contain_text("“third” is out of the line. It stays in the list as stopped", timeout=SOON)
    expect(rows.nth(1)).to_contain_text("secondwaiting, next")
    note.get_by_role("button", name="Put it back").click()
    expect(rows.nth(2)).to_contain_text("thirdwaiting, 2nd of 2", timeout=SOON)
    tab.get_by_role("tab", name="Train").click()
    tab.get_by_text("Set up", exact=True).click()
    expect(tab.locator("#start")).to_have_text("Start: waits for busy and 2 more", timeout=SOON)
