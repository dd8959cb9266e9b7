"""Saved conversations and better answers in the real page; no model has to answer for that."""

from typing import Any

import pytest

from tests.browser.conftest import Workbench, expect
from tests.recorded_run import RecordedRun
from workbench.chat.conversation import Answer, Conversation
from workbench.chat.keeping.conversations import keep
from workbench.chat.questions import Answerer
from workbench.data.sets.versions import versions

pytestmark = pytest.mark.browser

EVIL = "<img src=https://evil.example/x.png onerror=alert(1)>"


def test_a_conversation_is_opened_named_saved_deleted_and_corrected(tab: Any, workbench: Workbench) -> None:
    run = RecordedRun(workbench.root, "kept").train(1, 2).finish().dir
    talk = Conversation(run.id, {"original": Answerer(), run.id: Answerer(run.id)}).with_question(EVIL)
    keep(workbench.root, talk.with_answer("original", Answer("Hi.")).with_answer(run.id, Answer(EVIL)))

    tab.get_by_role("tab", name="Chat", exact=True).click()
    tab.get_by_text("Saved conversations", exact=True).click()
    listed = tab.locator("#kept-list li")
    listed.get_by_role("button", name="Rename").click()
    listed.get_by_label("New name").fill("A bad joke")
    listed.get_by_label("New name").press("Enter")
    expect(listed.locator(".kept-title")).to_have_text("A bad joke")
    listed.get_by_role("button", name="Save as").click()
    with tab.expect_download() as download:
        tab.get_by_role("link", name="Web page (HTML)").click()
    page = download.value.path().read_text()
    assert "A bad joke" in page
    assert "<img" not in page
    listed.get_by_role("button", name="Delete").click()
    expect(listed).to_have_count(0)
    tab.get_by_role("button", name="Undo", exact=True).last.click()
    listed.locator(".kept-title").click()
    pane = tab.locator("#pane-kept")
    expect(pane.locator(".talk-answer")).to_have_text(EVIL)

    pane.get_by_role("button", name="Write a better answer").click()
    box = tab.locator("#better-answer textarea")
    expect(box).to_be_focused()
    box.fill(" ")
    tab.locator("#better-add").click()
    expect(tab.get_by_text("There is no better answer yet.")).to_be_visible()
    box.fill("Good day.")
    tab.locator("#better-add").click()
    expect(tab.locator("#better-count")).to_have_text("1 correction added")
    assert versions(workbench.root, "corrections-kept")
    tab.locator("#better-train").click()
    expect(tab.get_by_text("The settings of kept, with what was corrected in corrections-kept.")).to_be_visible()
