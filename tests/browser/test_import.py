"""Importing an adapter in a browser: from the form to the runs, a refusal, another model, and on to a new run."""

from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import SOON, expect
from tests.training.foreign_adapter import write

pytestmark = pytest.mark.browser


def test_an_adapter_from_elsewhere_is_brought_in_and_trained_further(tab: Any, tmp_path: Path) -> None:
    tab.locator("#bring-adapter").click()
    files = sorted(write(tmp_path / "seafarer").iterdir())
    tab.locator("#import-files input[type=file]").set_input_files(files)
    expect(tab.locator("#import-files")).to_contain_text("adapter_model", timeout=SOON)
    tab.locator("#import-start").click()
    expect(tab.get_by_text("This adapter is for another model")).to_be_visible(timeout=SOON)
    tab.get_by_label("The model it was made for").click()
    tab.get_by_role("option", name="tiny").click()
    tab.locator("#import-name").get_by_role("textbox").fill("Seafarer")
    tab.locator("#import-start").click()
    expect(tab.locator("#run-detail h2")).to_have_text("Seafarer", timeout=SOON)
    expect(tab.locator("#runs-rows tr")).to_contain_text("imported", timeout=SOON)
    expect(tab.locator("#run-detail .live-grid")).to_be_hidden()
    tab.get_by_role("button", name="Train it further in a new run").click()
    expect(tab.locator("#adapter-note")).to_contain_text("Goes on from the adapter of Seafarer.", timeout=SOON)
