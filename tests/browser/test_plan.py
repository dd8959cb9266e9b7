"""The plan beside the form in a browser: it follows a slider, asks once, and offers what would fit."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import Workbench, expect
from tests.browser.test_page import choose
from tests.sparse_model import make_sparse_model
from workbench.models.catalog import STARTER_FOLDER

pytestmark = pytest.mark.browser

MOVE = """async (slider, stop) => {
  slider.value = stop;
  slider.dispatchEvent(new Event("input", {bubbles: true}));
}"""


@pytest.fixture(scope="module")
def workbench(tmp_path_factory: pytest.TempPathFactory, tiny_model: Path) -> Iterator[Workbench]:
    """A workspace with a tiny model, and the header of one that fits into no machine."""
    root = tmp_path_factory.mktemp("planned")
    (root / "models").mkdir()
    (root / "models" / "tiny").symlink_to(tiny_model)
    make_sparse_model(root / "models" / "huge", STARTER_FOLDER, times=16)
    served = Workbench(root)
    served.start()
    yield served
    served.kill()


def test_the_plan_follows_a_slider_before_it_is_let_go(tab: Any) -> None:
    choose(tab, "Model", "tiny")
    plan, field = tab.locator("#plan"), tab.locator("#set-method-rank input[type=number]")
    expect(plan).to_contain_text("16,384 of")
    tab.get_by_role("button", name="Command that does the same").click()
    slider = tab.get_by_role("slider", name="Adapter size, slider")
    slider.evaluate(MOVE, 5)
    expect(plan).to_contain_text("65,536 of")
    expect(tab.locator("#command textarea")).not_to_have_value(re.compile("rank 32"))
    slider.dispatch_event("change")
    expect(tab.locator("#command textarea")).to_have_value(re.compile("rank 32"))
    tab.reload()
    expect(field).to_have_value("32")
    expect(plan).to_contain_text("65,536 of")


def test_a_run_that_will_not_fit_is_asked_about_once(tab: Any) -> None:
    choose(tab, "Model", "huge (will not fit)")
    plan = tab.locator("#plan")
    expect(plan).to_contain_text("✕ will not fit")
    expect(plan.locator(".savings")).to_have_attribute("open", "")
    tab.locator("#start").click()
    question = tab.locator("#start-question")
    expect(question.get_by_role("alert")).to_contain_text("It will probably be ended by the system.")
    question.get_by_role("button", name="Show what would fit").click()
    expect(plan.locator(".savings summary")).to_be_focused()
    choose(tab, "Model", "tiny")
    expect(question).to_be_hidden()
    expect(plan).to_contain_text("✓ fits")


def test_less_memory_and_less_time_are_a_click_each_with_a_way_back(tab: Any) -> None:
    choose(tab, "Model", "tiny")
    plan, note = tab.locator("#plan"), tab.locator("#preset-note")
    expect(plan).to_contain_text("✓ fits")
    tab.get_by_label("I have so many minutes").fill("1")
    tab.get_by_role("button", name="Fit it in").click()
    expect(note).to_contain_text("each example is seen about")
    choose(tab, "Model", "huge (will not fit)")
    saving = plan.locator(".savings button").first
    expect(saving).to_be_visible()
    saving.click()
    expect(note).to_contain_text("Using less memory")
    tab.get_by_role("button", name="Undo").first.click()
    expect(note).to_contain_text("Back to what it was.")
    expect(plan).to_contain_text("✕ will not fit")
