"""A visitor checks a result: sees how long it takes, reads the answers, marks one, and finds the mark again."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import Visitor, Workbench, expect
from tests.chat.scores.workspace import make_run
from tests.conftest import share_kernels
from workbench.chat.scores.folder import evaluations
from workbench.runs.run_dir import RunDir

pytestmark = pytest.mark.browser


@pytest.fixture
def run(workbench: Workbench, tiny_model: Path, tmp_path: Path) -> RunDir:
    share_kernels(workbench.root)
    make_run(workbench.root, tiny_model, tmp_path / "sums.jsonl")
    return RunDir.open(workbench.root, "sums")


@pytest.fixture
def checks(browser: Any, workbench: Workbench, run: RunDir) -> Iterator[Any]:
    visitor = Visitor(browser, workbench.link)
    open_checks(visitor.tab)
    yield visitor.tab
    visitor.leave()


def open_checks(tab: Any) -> None:
    tab.get_by_role("tab", name="Chat", exact=True).click()
    tab.get_by_role("tab", name="Check", exact=True).click()


def test_an_answer_is_marked_and_the_mark_is_kept(checks: Any, run: RunDir) -> None:
    expect(checks.locator("#check-plan")).to_contain_text("bout")
    checks.locator("#check-count").fill("3")
    checks.locator("#check-training").uncheck()
    checks.locator("#check-forgetting").uncheck()
    checks.locator("#check-start").click()
    expect(checks.locator("#check-tables")).to_contain_text("ROUGE-L")
    expect(checks.locator(".check-row")).to_have_count(3)
    expect(checks.locator("#check-plot circle")).to_have_count(3)
    checks.locator(".check-row").nth(1).get_by_role("button", name="Bad").click()
    expect(checks.locator("[data-filter=bad]")).to_have_text("Bad 1")
    assert list(evaluations(run)[0].marks().values()) == ["bad"]

    checks.reload()
    open_checks(checks)
    checks.locator("[data-filter=bad]").click()
    expect(checks.locator(".check-row")).to_have_count(1)
    with checks.expect_download() as download:
        checks.locator("#check-csv").click()
    assert "What is" in Path(download.value.path()).read_text()
