"""Blending in a browser: refused before it is begun, then blended, followed and talked to."""

from typing import Any

import pytest

from tests.browser.conftest import SOON, Workbench, expect
from tests.training.blended import made_run
from tests.training.foreign_adapter import DOWN, QUERY

pytestmark = pytest.mark.browser


def test_two_adapters_become_one_that_can_be_talked_to(workbench: Workbench, tab: Any) -> None:
    tab.get_by_role("tab", name="Chat", exact=True).click()
    tab.get_by_role("tab", name="Blend", exact=True).click()
    expect(tab.locator("#blend-empty")).to_contain_text("Train or import two adapters of the same model first.")
    for name, ranks in {"pirate": {QUERY: 4, DOWN: 4}, "chef": {QUERY: 6}}.items():
        made_run(workbench.root, workbench.root / "models" / "tiny", name, ranks)
    tab.get_by_role("tab", name="Talk", exact=True).click()
    tab.get_by_role("tab", name="Blend", exact=True).click()
    expect(tab.locator("#blend-fine")).to_contain_text("The blend will have ranks 4 to 10 on tiny.")
    tab.locator("#blend-way").select_option("ties")
    expect(tab.locator("#blend-problem")).to_contain_text("chef has rank 6 and pirate rank 4")
    expect(tab.locator("#blend-start")).to_be_disabled()
    expect(tab.locator("#blend-density")).to_be_visible()
    tab.locator("#blend-way").select_option("cat")
    expect(tab.locator("#blend-density")).to_be_hidden()
    tab.locator("#blend-shares li").first.get_by_label("Weight as a number").fill("-0.25")
    tab.locator("#blend-name").fill("Sea food")
    expect(tab.locator("#blend-command")).to_have_text(
        "python -m workbench blend chef=-0.25 pirate=0.5 --way cat --name 'Sea food'"
    )
    tab.locator("#blend-start").click()
    expect(tab.locator("#blend-made")).to_contain_text("-0.25 ×chef", timeout=2 * SOON)
    tab.locator("#blend-talk").click()
    expect(tab.locator("#chat-run")).to_have_value("sea-food")
