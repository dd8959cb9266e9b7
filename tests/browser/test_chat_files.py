"""GGUF files in the real page: they answer alone where nothing was trained, and beside the run that they came from."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import Workbench, expect
from tests.conftest import share_kernels
from tests.export.gguf_made import made_model, tuned_run, write

pytestmark = [pytest.mark.browser, pytest.mark.needs_llama]

WHILE_LOADING = 120_000


def ask(tab: Any, question: str, answers: int) -> list[str]:
    """What each pane answers, in their order."""
    tab.locator("#prompt textarea").fill(question)
    tab.locator("#prompt textarea").press("Enter")
    told = tab.locator(".talk-pane li:last-child .talk-facts", has_text="tokens/s")
    expect(told).to_have_count(answers, timeout=WHILE_LOADING)
    return [pane.locator(".talk-answer").last.inner_text() for pane in tab.locator(".talk-pane").all()]


def test_a_file_answers_alone_and_beside_its_run(tab: Any, workbench: Workbench, tmp_path: Path) -> None:
    root = workbench.root
    share_kernels(root)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    model = made_model(tmp_path / "model", "llama")
    file = write(tuned_run(elsewhere, model, "tuned"), "gguf", "F32", tmp_path / "out")

    tab.get_by_role("tab", name="Chat", exact=True).click()
    expect(tab.locator("#chat-empty")).to_be_visible()
    (root / "models" / "broken.gguf").write_bytes(file.read_bytes()[:5000])
    shutil.copy(file, root / "models" / "mine.gguf")
    tab.reload()
    tab.get_by_role("tab", name="Chat", exact=True).click()
    expect(tab.locator("#chat-run option")).to_have_text(["mine (GGUF)"])
    expect(tab.locator("#chat-add option", has_text="broken (GGUF): is cut off or damaged")).to_be_disabled()
    (alone,) = ask(tab, "Hello!", 1)

    tuned_run(root, model, "mine-1")
    tab.reload()
    tab.get_by_role("tab", name="Chat", exact=True).click()
    tab.locator("#chat-run").select_option("mine-1")
    tab.locator("#chat-add").select_option("models/mine.gguf")
    original, tuned, beside = ask(tab, "Hello!", 3)
    assert beside == tuned == alone != original
