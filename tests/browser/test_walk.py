"""The whole way, on the practice model that ships: examples, training, the page killed, the result, two answers."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import PROJECT, Visitor, Workbench, expect
from workbench.runs.run_dir import RunDir

pytestmark = pytest.mark.browser

WHILE_TRAINING = 240_000
SCREENSHOTS = PROJECT / "build" / "screenshots"


@pytest.fixture
def workbench(tmp_path: Path) -> Iterator[Workbench]:
    """A first start: nothing is there yet but what ships."""
    served = Workbench(tmp_path / "workspace")
    served.start()
    yield served
    served.kill()


def picture(tab: Any, name: str) -> None:
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    tab.screenshot(path=SCREENSHOTS / f"walk-{name}.png", full_page=True)


def test_from_a_first_visit_to_two_answers(browser: Any, workbench: Workbench) -> None:
    visitor = Visitor(browser, workbench.link)
    tab = visitor.tab
    expect(tab.get_by_role("combobox", name="Model", exact=True)).to_have_value(re.compile("starter"))
    expect(tab.locator("#plan")).to_contain_text("Everything stays on this computer.")
    picture(tab, "1-first-visit")

    tab.locator("#start").click()
    watch = tab.locator("#watch-view")
    expect(watch).to_contain_text(re.compile(r"step [1-9]\d* of"), timeout=WHILE_TRAINING)
    expect(watch).to_contain_text("You can close this page; training continues.")
    picture(tab, "2-training")

    workbench.kill()
    run = RunDir.open(workbench.root, "pirate-1")
    assert run.status().phase in ("training", "saving", "finished")
    assert run.wait().phase == "finished"

    workbench.start()
    visitor.visit(workbench.link)
    tab.get_by_role("tab", name="Runs").click()
    tab.get_by_role("button", name="pirate-1").click()
    detail = tab.locator("#run-detail")
    expect(detail).to_contain_text("Clearly learned")
    picture(tab, "3-result")

    detail.get_by_role("button", name="Compare in Chat").click()
    tab.locator("#prompt textarea").fill("What does a duck say?")
    tab.locator("#send").click()
    for name in ("original", "pirate-1"):
        expect(tab.locator(f"#pane-{name}")).to_contain_text("tokens/s", timeout=WHILE_TRAINING)
        expect(tab.locator(f"#pane-{name}")).to_contain_text(re.compile("quack", re.IGNORECASE))
    expect(tab.locator("#pane-pirate-1")).to_contain_text(re.compile(r"arr|ahoy|matey|aye|\bye\b", re.IGNORECASE))
    picture(tab, "4-chat")

    tab.locator("#suggestion-0").click()
    expect(tab.locator("#pane-pirate-1 .talk-question")).to_have_count(2)
    visitor.leave()
