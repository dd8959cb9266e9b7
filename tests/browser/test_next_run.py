"""From a result to a run that trains its adapter further, in the real page."""

from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import SOON, Workbench, expect
from tests.recorded_run import RecordedRun
from workbench.jobs.files import write_json
from workbench.models.fingerprint import fingerprint

pytestmark = pytest.mark.browser


def test_a_result_is_trained_further_and_the_way_back(tab: Any, workbench: Workbench, tiny_model: Path) -> None:
    chosen = tab.get_by_role("combobox", name="Adapter to begin with")
    expect(chosen).to_have_count(0)
    run = RecordedRun(workbench.root, "first", model__path="tiny", data__path="pirate", method__alpha=16.0)
    write_json(run.dir.environment_path, {"model": {"fingerprint": fingerprint(tiny_model)}})
    run.train(1, 480)
    run.finish()
    tab.get_by_text("Watch", exact=True).click()
    tab.locator("#watch-view").get_by_role("button", name="Train further").press("Enter", timeout=SOON)
    expect(chosen).to_have_value("first", timeout=SOON)
    expect(tab.locator("#adapter-note")).to_contain_text("Goes on from the adapter of first.")
    expect(tab.locator("#plan")).to_contain_text("schedule and the optimizer begin anew.", timeout=SOON)
    expect(tab.locator("#start")).to_be_enabled()
    tab.get_by_role("button", name="Begin a new adapter").press("Enter")
    expect(chosen).to_have_value("A new adapter", timeout=SOON)
    expect(tab.locator("#plan")).not_to_contain_text("begin anew")
    tab.get_by_role("button", name="Undo").press("Enter")
    expect(chosen).to_have_value("first", timeout=SOON)
    # Chosen by hand, with settings that do not fit it.
    tab.get_by_label("Adapter size (rank)").fill("4")
    expect(tab.locator("#start")).to_have_text("Mend first: Adapter size (rank)", timeout=SOON)
