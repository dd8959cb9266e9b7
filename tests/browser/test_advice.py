"""From a result that is not what was wanted to a new run with one setting changed, in the real page."""

from typing import Any

import pytest

from tests.browser.conftest import PROJECT, SOON, Workbench, expect
from tests.recorded_run import RecordedRun

pytestmark = pytest.mark.browser

SCREENSHOTS = PROJECT / "build" / "screenshots"
HOSTILE = "<img src=x onerror=\"document.title='broken'\">"


def end_past_its_best(workbench: Workbench, name: str) -> RecordedRun:
    run = RecordedRun(workbench.root, name, model__path="tiny", training__seed=7)
    run.check(0, 3.7)
    run.answer(0, HOSTILE, "I do not know.")
    run.train(1, 480)
    run.check(160, 1.9)
    run.check(480, 2.5)
    run.answer(480, HOSTILE, "I am a helper.")
    return run.finish()


def test_one_setting_changes_in_the_form(tab: Any, workbench: Workbench) -> None:
    end_past_its_best(workbench, "learned-by-heart")
    tab.get_by_text("Watch", exact=True).click()
    watch = tab.locator("#watch-view")
    expect(watch).to_contain_text("learned-by-heart", timeout=SOON)
    watch.get_by_text("Not what you wanted?").press("Enter")
    choices = watch.get_by_role("group", name="What is it like?").get_by_role("radio")
    expect(choices).to_have_count(5, timeout=SOON)

    choices.first.press("Space")
    choices.first.press("ArrowDown")
    expect(watch.get_by_label("It copies my examples")).to_be_checked()
    expect(watch).to_contain_text("was lowest (1.90) after 2.0 passes and rose to 2.50 by the end")
    watch.get_by_label("The tone is right, the facts are wrong").check()
    expect(watch.locator(".live-advice-said")).to_contain_text("Asked “" + HOSTILE)
    assert watch.locator("img").count() == 0

    watch.get_by_label("It copies my examples").check()
    watch.get_by_role("button", name="New run with epochs 6 → 2").press("Enter")
    epochs = tab.get_by_label("Passes over your data (epochs)")
    expect(epochs).to_have_value("2", timeout=SOON)
    expect(tab.locator("#preset-note")).to_contain_text("As in learned-by-heart, but for epochs 6 → 2.")
    expect(tab.get_by_role("combobox", name="Model", exact=True)).to_have_value("tiny")
    tab.get_by_role("button", name="Undo").click()
    expect(epochs).to_have_value("", timeout=SOON)


def test_the_runs_tab_leads_to_the_form_too(tab: Any, workbench: Workbench) -> None:
    end_past_its_best(workbench, "again")
    tab.get_by_role("tab", name="Runs").click()
    tab.get_by_role("button", name="again").click()
    detail = tab.locator("#run-detail")
    detail.get_by_text("Not what you wanted?").click()
    detail.get_by_label("It talks nonsense, or never stops").check(timeout=SOON)
    detail.get_by_role("button", name="New run with learning rate 0.004 → 0.0013").click()
    expect(tab.get_by_label("Learning speed (learning rate)")).to_have_value("0.0013", timeout=SOON)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_advice_fits_a_phone(tab: Any, workbench: Workbench, scheme: str) -> None:
    end_past_its_best(workbench, f"small-{scheme}")
    tab.set_viewport_size({"width": 390, "height": 900})
    tab.emulate_media(color_scheme=scheme)
    tab.reload()
    tab.get_by_text("Watch", exact=True).click()
    watch = tab.locator("#watch-view")
    watch.get_by_text("Not what you wanted?").click()
    watch.get_by_label("It copies my examples").check(timeout=SOON)
    watch.get_by_role("button", name="New run with epochs 6 → 2").scroll_into_view_if_needed()
    assert tab.evaluate("document.documentElement.scrollWidth") == 390
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    tab.screenshot(path=SCREENSHOTS / f"advice-390-{scheme}.png")
