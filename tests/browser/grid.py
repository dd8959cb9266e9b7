"""Typing into a grid's cells as a person does."""

from typing import Any

from tests.browser.conftest import SOON, expect


def type_into(tab: Any, cell: str, words: str) -> None:
    tab.get_by_test_id(cell).dblclick()
    # A key that comes before the cell listens is lost.
    expect(tab.get_by_test_id(cell).locator("textarea")).to_be_focused(timeout=SOON)
    tab.keyboard.type(words)
    tab.keyboard.press("Enter")
