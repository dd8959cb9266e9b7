"""Another model in a browser: its size, its download with a reload and a break in it, and the choice at its end."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import SOON, Visitor, Workbench, expect
from tests.fake_hub import FakeHub

pytestmark = pytest.mark.browser

UNDER_WAY = re.compile(r"org/tiny \d+ %")


@pytest.fixture(scope="module")
def hub(tiny_model: Path) -> Iterator[FakeHub]:
    repository = {path.name: path.read_bytes() for path in tiny_model.iterdir()}
    with FakeHub({"org/tiny": repository}).running() as running, pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.delenv("HF_HUB_OFFLINE")
        monkeypatch.setenv("HF_ENDPOINT", running.url)
        yield running


@pytest.fixture(scope="module")
def workbench(hub: FakeHub, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    served = Workbench(tmp_path_factory.mktemp("served") / "workspace")
    served.start()
    yield served
    served.kill()


def test_a_model_is_downloaded_over_a_reload_and_a_break_and_then_chosen(
    browser: Any, workbench: Workbench, hub: FakeHub
) -> None:
    visitor = Visitor(browser, workbench.link)
    tab = visitor.tab
    others = tab.locator("#other-model")
    others.get_by_text("Other model…").click()
    expect(others.get_by_role("row", name=re.compile("suggested"))).to_have_count(1)

    others.get_by_label("Another one of the hub").fill("org/nothing")
    others.get_by_role("button", name="Show size").click()
    expect(others).to_contain_text("org/nothing", timeout=SOON)
    others.get_by_label("Another one of the hub").fill("org/tiny")
    others.get_by_role("button", name="Show size").click()
    expect(others).to_contain_text(re.compile(r"org/tiny is [\d.]+ [kM]B"), timeout=SOON)

    hub.stalled.add("model.safetensors")
    others.get_by_role("button", name="Download org/tiny").click()
    expect(others.locator("summary")).to_contain_text(UNDER_WAY, timeout=SOON)
    tab.reload()
    expect(others.locator("summary")).to_contain_text(UNDER_WAY, timeout=SOON)
    others.get_by_text("Other model…").click()
    expect(others.get_by_role("progressbar", name="Downloaded")).to_be_visible()
    others.get_by_role("button", name="Cancel").press("Enter")
    expect(others).to_contain_text("The download was cancelled.", timeout=SOON)
    expect(others.get_by_role("button", name="Go on")).to_be_focused()

    hub.stalled.clear()
    others.get_by_role("button", name="Go on").click()
    expect(tab.get_by_role("combobox", name="Model", exact=True)).to_have_value("org/tiny", timeout=SOON)
    expect(tab.locator("#model-facts")).to_contain_text("reads 256 tokens", timeout=SOON)

    tab.get_by_role("tab", name="Already on this machine").click()
    others.get_by_role("button", name="Use starter").click()
    expect(tab.get_by_role("combobox", name="Model", exact=True)).to_have_value("starter", timeout=SOON)
    expect(tab.locator("#model-facts")).to_contain_text("Practice model", timeout=SOON)
    visitor.leave()


def test_a_model_is_copied_here_by_keyboard_alone(browser: Any, workbench: Workbench, tiny_model: Path) -> None:
    visitor = Visitor(browser, workbench.link)
    tab = visitor.tab
    others = tab.locator("#other-model")
    others.locator("summary").press("Enter")
    others.get_by_role("tab", name="Download").press("ArrowLeft")
    expect(others.get_by_role("tab", name="Copy from another computer")).to_be_focused()
    others.get_by_label("Which model").fill("org/copied")
    tab.keyboard.press("Enter")
    folder = workbench.root / "models" / "copied"
    expect(others).to_contain_text(str(folder), timeout=SOON)
    expect(others).to_contain_text("Still missing: config.json, tokenizer.json, model.safetensors.")
    folder.parent.mkdir(exist_ok=True)
    folder.symlink_to(tiny_model)
    others.get_by_role("button", name="Look again").press("Enter")
    expect(others).to_contain_text("Everything is there: copied can be chosen now.", timeout=SOON)
    expect(others.get_by_role("button", name="Look again")).to_be_focused()
    tab.keyboard.press("Tab")
    tab.keyboard.press("Enter")
    expect(tab.get_by_role("combobox", name="Model", exact=True)).to_have_value("copied", timeout=SOON)
    visitor.leave()
