"""The Runs tab in a browser: finding a run, keeping a note, deleting and taking it back."""

from typing import Any

import pytest

from tests.browser.conftest import SOON, Workbench, expect
from tests.recorded_run import RecordedRun

pytestmark = pytest.mark.browser

HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture(scope="module", autouse=True)
def recorded(workbench: Workbench) -> None:
    """Three runs that have ended, each with other settings."""
    for name, rank in (("first", 4), ("second", 8), (HOSTILE, 16)):
        run = RecordedRun(workbench.root, name, steps=60, method__rank=rank).train(1, 60)
        for step in (0, 30, 60):
            run.check(step, 4.0 - step / 30 - rank / 100)
        checkpoint = run.dir.checkpoints_dir / "step-60"
        checkpoint.mkdir()
        (checkpoint / "adapter.safetensors").write_bytes(b"x" * 200_000)
        run.dir.write_process(0.0)
        run.finish()


def visit(tab: Any) -> Any:
    tab.get_by_role("tab", name="Runs").click()
    rows = tab.locator("#runs-rows tr")
    expect(rows).to_have_count(3, timeout=SOON)
    return rows


def test_runs_are_found_sorted_and_shown_as_text(tab: Any) -> None:
    rows = visit(tab)
    expect(rows.first).to_contain_text(HOSTILE)
    expect(rows.first.get_by_role("img", name="Loss from")).to_be_visible()
    expect(rows.first).to_contain_text("1.84")
    tab.get_by_label("Sort").select_option("best held-out loss")
    expect(tab.locator("#runs-total")).to_contain_text("3 runs · ")
    tab.get_by_label("Sort").select_option("name")
    expect(rows.nth(1)).to_contain_text("first", timeout=SOON)
    tab.get_by_label("Search the runs").fill("secon")
    expect(rows).to_have_count(1, timeout=SOON)
    expect(tab.locator("#runs-total")).to_contain_text("1 of 3 runs")
    tab.get_by_label("Search the runs").fill("nothing like it")
    expect(tab.locator("#runs-empty")).to_contain_text("No run holds these words.", timeout=SOON)


def test_a_note_is_kept_and_found(tab: Any) -> None:
    rows = visit(tab)
    tab.get_by_role("button", name="second").press("Enter")
    tab.get_by_label("Note").fill("best so far")
    tab.locator("#run-keep-note").click()
    expect(rows.nth(1)).to_contain_text("best so far", timeout=SOON)
    tab.get_by_label("Search the runs").fill("best so")
    expect(rows).to_have_count(1, timeout=SOON)


def test_a_deleted_run_is_brought_back(tab: Any) -> None:
    rows = visit(tab)
    tab.get_by_role("button", name="first").click()
    tab.locator("#run-delete").click()
    note = tab.locator("#runs-note")
    expect(note).to_contain_text("“first” is deleted.", timeout=SOON)
    expect(rows).to_have_count(2, timeout=SOON)
    expect(tab.locator("#run-detail")).to_be_hidden()
    note.get_by_role("button", name="Undo").click()
    expect(note).to_contain_text("“first” is back.", timeout=SOON)
    expect(rows).to_have_count(3, timeout=SOON)


def test_picked_runs_are_compared(tab: Any) -> None:
    rows = visit(tab)
    tab.get_by_role("checkbox", name="Compare first").press("Space")
    comparison = tab.get_by_role("region", name="Comparison")
    expect(comparison).to_contain_text("Pick one more run to compare.", timeout=SOON)
    rows.first.get_by_role("checkbox").check()
    differences = tab.locator("#runs-differences")
    expect(differences.get_by_role("row", name="Adapter size (rank)")).to_contain_text("416", timeout=SOON)
    expect(differences.get_by_role("columnheader").nth(1)).to_contain_text(HOSTILE)
    expect(comparison.get_by_role("img", name="first: from 3.96 to 1.96 at step 60")).to_be_visible()
    expect(comparison.locator("canvas")).to_have_count(2)
    tab.locator("#runs-clear").click()
    expect(comparison).to_be_hidden()
    expect(rows.first.get_by_role("checkbox")).not_to_be_checked()


def test_deleted_checkpoints_are_brought_back(tab: Any, workbench: Workbench) -> None:
    visit(tab)
    checkpoints = workbench.root / "runs" / "first" / "checkpoints"
    tab.get_by_role("button", name="first").click()
    tab.get_by_role("button", name="Delete checkpoints (0.2 MB)").click()
    back = tab.get_by_role("button", name="Bring checkpoints back (0.2 MB, kept for a week)")
    expect(back).to_be_visible(timeout=SOON)
    assert not checkpoints.exists()
    back.click()
    expect(tab.locator("#run-empty")).to_be_visible(timeout=SOON)
    assert checkpoints.exists()


def test_a_clean_up_is_undone_and_a_run_is_sent_to_tensorboard(tab: Any, workbench: Workbench) -> None:
    visit(tab)
    checkpoints = workbench.root / "runs" / "second" / "checkpoints"
    expect(tab.locator("#runs-room-size")).to_contain_text("This workspace takes", timeout=SOON)
    tab.get_by_role("button", name="Clean up").press("Enter")
    tab.get_by_role("checkbox", name="Checkpoints of first").uncheck()
    tab.get_by_role("button", name="Clean up 0.4 MB").click()
    note = tab.locator("#runs-room-note")
    expect(note).to_contain_text("0.4 MB of checkpoints are in the trash.", timeout=SOON)
    assert not checkpoints.exists()
    note.get_by_role("button", name="Undo").click()
    expect(note).to_contain_text("The checkpoints are back.", timeout=SOON)
    assert checkpoints.exists()
    tab.get_by_role("button", name="second").click()
    tab.get_by_text("Show in another program").click()
    tab.get_by_role("button", name="TensorBoard").click()
    expect(tab.locator("#run-tracking")).to_contain_text("60 steps are in TensorBoard.", timeout=SOON)
    expect(tab.get_by_label("What was sent").locator("code")).to_contain_text(f"--logdir {workbench.root}")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_wider_than_a_telephone(tab: Any, scheme: str) -> None:
    tab.emulate_media(color_scheme=scheme)
    tab.set_viewport_size({"width": 390, "height": 844})
    visit(tab)
    assert tab.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_what_is_refused_at_once_is_told(tab: Any, workbench: Workbench) -> None:
    visit(tab)
    tab.get_by_role("button", name="second").click()
    expect(tab.locator("#run-keep-note")).to_be_visible(timeout=SOON)
    run, away = workbench.root / "runs" / "second", workbench.root / "second"
    run.rename(away)
    try:
        tab.get_by_role("button", name="Use these settings").click()
        expect(tab.locator(".refusal")).to_contain_text("There is no run second.", timeout=SOON)
    finally:
        away.rename(run)
