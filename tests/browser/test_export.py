"""Taking a result home in a browser: exported, downloaded, deleted and back; refused, and cancelled on the way."""

import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import SOON, Workbench, expect
from tests.recorded_run import RecordedRun
from tests.training.blended import made_run

pytestmark = pytest.mark.browser


def test_an_adapter_is_taken_home(workbench: Workbench, tab: Any) -> None:
    tab.get_by_role("tab", name="Export", exact=True).click()
    expect(tab.locator("#export-empty")).to_contain_text("Nothing to take home yet. Train first.")
    tab.locator("#export-train").click()
    expect(tab.locator("#tab-train-button")).to_have_attribute("aria-selected", "true")
    for name in ("pirate", "chef"):
        made_run(workbench.root, workbench.root / "models" / "tiny", name)
    tab.get_by_role("tab", name="Runs", exact=True).click()
    tab.locator("#run-list").get_by_role("button", name="pirate", exact=True).click()
    tab.locator("#run-home").click()
    expect(tab.locator("#export-run")).to_have_value("pirate")
    expect(tab.locator("#export-place")).to_contain_text(str(workbench.root / "exported" / "pirate-adapter"))
    tab.locator("#export-author summary").click()
    tab.locator("#export-say-intended_use").fill("Talks like a pirate.")
    tab.locator("#export-start").click()

    entry = tab.locator("#export-list > li").first
    expect(entry.locator(".export-next")).to_contain_text("PeftModel", timeout=2 * SOON)
    tab.reload()
    tab.get_by_role("tab", name="Export", exact=True).click()
    expect(tab.locator("#export-say-intended_use")).to_have_value("Talks like a pirate.")
    entry.locator("summary").first.click()
    entry.get_by_text("Card (README.md)").click()
    expect(entry.locator(".export-card-text")).to_contain_text("Talks like a pirate.")
    entry.get_by_text("Push to the hub").click()
    expect(entry.locator(".export-push")).to_contain_text("does not say that you have read the licence")
    expect(entry.get_by_role("button", name="Push", exact=True)).to_be_disabled()
    with tab.expect_download() as download:
        entry.get_by_role("link", name="Download").click()
    names = zipfile.ZipFile(Path(download.value.path())).namelist()
    assert {"pirate-adapter/adapter_model.safetensors", "pirate-adapter/README.md"} <= set(names)
    entry.get_by_role("button", name="Delete").click()
    expect(tab.locator("#export-list > li")).to_have_count(0)
    tab.locator("#export-undo").click()
    expect(tab.locator("#export-list > li")).to_have_count(1)


def test_what_cannot_be_is_refused_and_what_is_under_way_cancelled(workbench: Workbench, tab: Any) -> None:
    made_run(workbench.root, workbench.root / "models" / "tiny", "cook")
    RecordedRun(workbench.root, "before", model__path="tiny", method__name="prompt_tuning").finish()
    tab.get_by_role("tab", name="Export", exact=True).click()
    tab.locator("#export-run").select_option("before")
    expect(tab.locator("#export-to-merged")).to_be_disabled()
    expect(tab.locator("#export-groups")).to_contain_text("What Prompt tuning adds cannot become part of the weights")
    tab.locator("#export-run").select_option("cook")
    tab.locator("#export-to-merged").check()
    tab.locator("#export-numbers").select_option("fp32")
    tab.locator("#export-name").fill("cook")
    expect(tab.locator("#export-command")).to_contain_text("--to merged --numbers fp32")
    tab.locator("#export-start").click()
    tab.locator("#export-cancel").click()
    message = tab.locator("#export-message")
    expect(message).to_contain_text("The export was cancelled. Nothing was kept.", timeout=2 * SOON)
    assert not (workbench.root / "exported" / "cook").exists()
    tab.set_viewport_size({"width": 390, "height": 844})
    expect(tab.locator("#export-cancel")).to_be_hidden()
    assert tab.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
