"""A showcase in browsers: a presenter's wall, a visitor's telephone, and the part of the page that opens one."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import Visitor, Workbench, expect
from tests.recorded_run import RecordedRun
from tests.server.audience import RunningShowcase, scripted_showcase

pytestmark = pytest.mark.browser

HOSTILE = "<img src=//evil.example onerror=alert(1)> **bold**"
"""A scripted showcase answers with what it is asked."""


@pytest.fixture
def showcase(tmp_path: Path) -> Iterator[RunningShowcase]:
    with scripted_showcase(tmp_path, "--title", "Captain Chat", "--prompt", "Ahoy!") as running:
        yield running


def open_page(browser: Any, link: str, width: int, height: int) -> Any:
    """A page whose failures, dialogs and foreign requests fail the test when it is left."""
    page = browser.new_context(viewport={"width": width, "height": height}).new_page()
    page.heard = []
    page.on("pageerror", lambda error: page.heard.append(str(error)))
    page.on("dialog", lambda dialog: page.heard.append(dialog.message))
    page.on("request", lambda sent: page.heard.append(sent.url) if "127.0.0.1" not in sent.url else None)
    page.goto(link)
    return page


def test_a_room_votes_by_key_and_telephone_and_sees_the_names(browser: Any, showcase: RunningShowcase) -> None:
    wall = open_page(browser, showcase.room, 1920, 1080)
    phone = open_page(browser, showcase.link, 390, 844)
    wall.get_by_label("The question for the room").fill(HOSTILE)
    wall.keyboard.press("Enter")
    for letter in "AB":
        expect(wall.locator(f"#text-{letter}")).to_contain_text(f"{HOSTILE} says")
    phone.get_by_role("button", name="B is better").click()
    expect(phone.locator("#vote-note")).to_contain_text("You chose B.")
    wall.keyboard.press("b")
    expect(wall.locator("#count-B")).to_have_text("2")
    wall.keyboard.press("a")
    expect(wall.locator("#count-A")).to_have_text("1")
    assert "model" not in wall.locator("main").inner_text()
    wall.keyboard.press("r")
    expect(wall.locator("#name-A")).to_contain_text("model")
    assert {wall.locator(f"#name-{letter}").inner_text() for letter in "AB"} == {
        "The original model",
        "The tuned model",
    }
    expect(phone.locator("#vote-note")).to_have_text("1 for A, 2 for B.")

    phone.get_by_role("button", name="Ahoy!").click()
    expect(phone.locator("#original")).to_have_text("Ahoy! says lanigiro")
    expect(phone.locator("#tuned")).to_have_text("Ahoy! says denut")
    boxes = [phone.locator(f"#{name}").bounding_box() for name in ("original", "tuned")]
    assert boxes[0]["x"] == boxes[1]["x"] and boxes[0]["y"] < boxes[1]["y"], "one below the other"
    assert phone.evaluate("() => document.documentElement.scrollWidth") == 390
    for page in (wall, phone):
        assert page.locator("main img").count() == 0 and page.heard == []
        page.context.close()


def test_a_showcase_is_opened_and_ended_in_the_page(browser: Any, workbench: Workbench) -> None:
    RecordedRun(workbench.root).finish()
    visitor = Visitor(browser, workbench.link)
    tab = visitor.tab
    for name in ("Chat", "Share"):
        tab.get_by_role("tab", name=name).click()
    tab.get_by_label("Title").fill("Captain Chat")
    tab.get_by_role("button", name="Start the showcase").click()
    card = tab.locator(".share-card")
    expect(card).to_contain_text("0 came in")
    with tab.context.expect_page() as opened:
        card.get_by_role("link", name="http://").click()
    expect(opened.value.get_by_role("heading", level=1)).to_have_text("Captain Chat")
    expect(card).to_contain_text("1 came in")
    opened.value.close()

    key = tab.locator("#share-key")
    expect(key).to_have_text("•" * 12)
    tab.get_by_role("button", name="Show", exact=True).click()
    expect(tab.locator("#share-example")).to_contain_text(f"Bearer {(workbench.root / 'api-key').read_text().strip()}")
    card.get_by_role("button", name="End").click()
    expect(card).to_have_count(0)
    visitor.leave()
