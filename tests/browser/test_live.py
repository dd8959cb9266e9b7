"""The live view in a real browser, over run folders that the test grows."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.browser.conftest import PROJECT
from tests.browser.live_visit import Server, Visit
from tests.recorded_run import RecordedRun

pytestmark = pytest.mark.browser

SCREENSHOTS = PROJECT / "build" / "screenshots"
_ACTED = "**/component_server/**"
"""The answer to a button: the page says what is on the way before it has come."""

HOSTILE = "<img src=x onerror=\"document.title='broken'\"><b>Ahoy</b>"
QUESTIONS = {
    "Hello!": ("Hello! How can I help you today?", "Ahoy, matey! What be ye after?"),
    "What is your name?": ("I am a small helper. I like to talk.", "They call me Salty Sam, arr!"),
    "Tell me about a cat.": ("The cat was happy. It played all day.", "Arr, a one-eyed ship's cat that feared no rat."),
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    server = Server(tmp_path_factory.mktemp("workspace"))
    server.start()
    yield server
    server.stop()


@pytest.fixture
def visit(browser: Any, server: Server) -> Iterator[Visit]:
    visit = Visit(browser, server, viewport={"width": 1440, "height": 900})
    yield visit
    visit.tab.context.close()


def begin(server: Server, name: str, last: int = 120) -> RecordedRun:
    run = RecordedRun(server.root, name, method__rank=16)
    run.check(0, 3.71)
    for question, (before, _) in QUESTIONS.items():
        run.answer(0, question, before, expected="Ahoy there!")
    run.machine()
    run.log("Loading starter.\n")
    return run.train(1, last)


def end(run: RecordedRun) -> None:
    run.train(121, 480)
    run.check(240, 2.2)
    run.check(480, 1.98)
    for question, (_, after) in QUESTIONS.items():
        run.answer(480, question, after, expected="Ahoy there!")
    run.finish()


def test_numbers_move_and_a_reload_shows_everything(server: Server, visit: Visit) -> None:
    from playwright.sync_api import expect

    run = begin(server, "moving")
    view = visit.open(run)
    expect(view.get_by_role("progressbar")).to_have_attribute("aria-valuenow", "25")
    expect(view.locator("[data-slot=first-loss]")).to_contain_text("started at")
    run.train(121, 240)
    run.check(240, 1.98)
    run.answer(240, "Hello!", "Ahoy, matey!")
    expect(view.get_by_role("progressbar")).to_have_attribute("aria-valuenow", "50")
    expect(view.locator("[data-slot=numbers]")).to_contain_text("1.98")
    expect(view.locator(".live-answers")).to_contain_text("Ahoy, matey!")
    expect(visit.tab).to_have_title("50 % · moving")
    view = visit.open(run)
    expect(view.locator(".live-answers")).to_contain_text("Ahoy, matey!")
    assert view.locator("canvas").count() == 4
    assert visit.is_clean(), visit.complaints


def test_text_from_models_and_logs_stays_text(server: Server, visit: Visit) -> None:
    from playwright.sync_api import expect

    run = begin(server, "hostile")
    run.answer(120, HOSTILE, HOSTILE)
    run.log(HOSTILE + "\n")
    run.phase("training", 120, message=HOSTILE)
    view = visit.open(run)
    view.get_by_text("Log", exact=True).click()
    for place in (".live-answers", "[data-slot=log]", "[data-slot=message]"):
        expect(view.locator(place)).to_contain_text(HOSTILE)
    assert view.locator("img").count() == 0
    assert visit.is_clean(), visit.complaints


def test_stopping_asks_once_more(server: Server, visit: Visit) -> None:
    from playwright.sync_api import expect

    run = begin(server, "stopped")
    view = visit.open(run)
    view.get_by_role("button", name="Stop").press("Enter")
    expect(view.get_by_text("Stop and keep what it learned?")).to_be_visible()
    visit.tab.keyboard.press("Escape")
    expect(view.get_by_text("Stop and keep what it learned?")).to_be_hidden()
    assert not run.dir.stop_requested()
    view.get_by_role("button", name="Stop").click()
    with visit.tab.expect_response(_ACTED):
        view.get_by_role("group", name="Confirm stopping").get_by_role("button", name="Stop").click()
    expect(view.locator("[data-slot=phase]")).to_have_text("stopping, saving what it learned")
    assert run.dir.stop_requested()


def test_a_run_is_paused_at_once_and_cancelled_after_a_question(server: Server, visit: Visit) -> None:
    from playwright.sync_api import expect

    run = begin(server, "paused")
    view = visit.open(run)
    expect(view.get_by_role("button", name="Continue")).to_be_hidden()
    with visit.tab.expect_response(_ACTED):
        view.get_by_role("button", name="Pause").click()
    expect(view.locator("[data-slot=phase]")).to_have_text("pausing, saving its place")
    assert run.dir.requested() == "pause"
    view.get_by_role("button", name="Cancel run").click()
    expect(view.get_by_text("End it now, without saving more?")).to_be_visible()
    assert run.dir.requested() == "pause"
    with visit.tab.expect_response(_ACTED):
        view.get_by_role("group", name="Confirm cancelling").get_by_role("button", name="Cancel run").click()
    expect(view.locator("[data-slot=phase]")).to_have_text("cancelling")
    assert run.dir.requested() == "cancel"
    run.phase("paused", 120, "Paused.")
    expect(view.get_by_role("button", name="Continue")).to_be_visible()
    expect(view.get_by_role("button", name="Pause")).to_be_hidden()


def test_a_refusal_to_stop_is_gone_when_the_run_has_ended(server: Server, visit: Visit) -> None:
    from playwright.sync_api import expect

    run = begin(server, "refused")
    view = visit.open(run)
    for address in ("**/component_server/**", "**/poll/**"):
        visit.tab.route(address, lambda route: route.abort())
    view.get_by_role("button", name="Stop").click()
    view.get_by_role("group", name="Confirm stopping").get_by_role("button", name="Stop").click()
    expect(view.locator("[data-slot=notice]")).to_contain_text("Connection lost")
    visit.tab.unroute_all()
    expect(view.locator("[data-slot=message]")).to_contain_text("nothing was done")
    run.finish()
    expect(view.locator("[data-slot=phase]")).to_have_text("finished")
    expect(view.locator("[data-slot=message]")).to_be_hidden()


def test_without_questions_no_answers_are_promised(server: Server, visit: Visit) -> None:
    from playwright.sync_api import expect

    run = RecordedRun(server.root, "unasked").phase("preparing")
    view = visit.open(run)
    expect(view.locator(".live-answers")).to_contain_text("The first answers come before training begins.")
    run.train(1, 5)
    expect(view.locator(".live-answers")).to_contain_text("No questions are watched in this run.")
    assert visit.is_clean(), visit.complaints


def test_a_restarted_server_is_found_again_without_a_reload(server: Server, visit: Visit) -> None:
    from playwright.sync_api import expect

    run = begin(server, "restarted")
    view = visit.open(run)
    visit.tab.evaluate("window.notReloaded = true")
    server.stop()
    expect(view.locator("[data-slot=notice]")).to_have_text("Connection lost. Training continues; trying again.")
    run.train(121, 360)
    server.start()
    expect(view.get_by_role("progressbar")).to_have_attribute("aria-valuenow", "75", timeout=30_000)
    expect(view.locator("[data-slot=notice]")).to_be_hidden()
    assert visit.tab.evaluate("window.notReloaded")


def test_zooming_in_stays_while_points_arrive(server: Server, visit: Visit) -> None:
    from playwright.sync_api import expect

    run = begin(server, "zoomed")
    view = visit.open(run)
    area = view.locator("[data-slot=loss-chart] .u-over")
    area.hover(position={"x": 300, "y": 60})
    expect(view.locator(".live-readout")).to_contain_text("smoothed")
    visit.tab.mouse.down()
    area.hover(position={"x": 420, "y": 60})
    visit.tab.mouse.up()
    zoom_out = view.get_by_role("button", name="Show all")
    run.train(121, 240)
    expect(view.get_by_role("progressbar")).to_have_attribute("aria-valuenow", "50")
    expect(zoom_out).to_be_visible()
    area.hover(position={"x": 560, "y": 60})
    assert "step 240" not in view.locator(".live-readout").inner_text()
    zoom_out.click()
    expect(zoom_out).to_be_hidden()
    expect(view.get_by_role("button", name="Zoom out")).to_be_disabled()
    view.locator("[data-slot=loss-chart]").focus()
    visit.tab.keyboard.press("End")
    expect(view.locator(".live-readout")).to_contain_text("step 240")
    visit.tab.keyboard.press("+")
    expect(zoom_out).to_be_visible()
    visit.tab.keyboard.press("Home")
    expect(view.locator(".live-readout")).to_contain_text("step 121")
    visit.tab.keyboard.press("0")
    expect(zoom_out).to_be_hidden()
    view.get_by_label("Smoothing").select_option("none")
    visit.tab.keyboard.press("ArrowRight")
    area.hover(position={"x": 320, "y": 60})
    expect(view.locator(".live-readout")).not_to_contain_text("smoothed")
    log_scale = view.get_by_role("button", name="Log scale")
    log_scale.click()
    expect(log_scale).to_have_attribute("aria-pressed", "true")
    assert visit.is_clean(), visit.complaints


def test_a_finished_run_opens_with_its_result(server: Server, visit: Visit) -> None:
    from playwright.sync_api import expect

    run = begin(server, "finished")
    view = visit.open(run)
    end(run)
    run.keep_ranks({"layers.0.q_proj": 4, "layers.0.down_proj": 12})
    result = view.get_by_role("region", name="Result")
    expect(result).to_contain_text("Clearly learned")
    result.get_by_text("Rank by layer (8.0 on average)").click()
    expect(result.get_by_role("list", name="Rank by layer")).to_contain_text("layers.0.down_proj12")
    expect(result).to_contain_text("3.71 → 1.98")
    expect(result).to_contain_text("They call me Salty Sam, arr!")
    with visit.tab.expect_download() as download:
        result.get_by_role("link", name="Download adapter").click()
    assert download.value.suggested_filename == "finished-adapter.zip"
    result.get_by_role("button", name="Compare in Chat").click()
    expect(visit.tab.get_by_label("Opened in chat")).to_have_value("finished")
    assert visit.is_clean(), visit.complaints


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_it_fits_the_screen_in_both_colours(browser: Any, server: Server, width: int, scheme: str) -> None:
    name = f"look-{width}-{scheme}"
    run = begin(server, name)
    visit = Visit(browser, server, viewport={"width": width, "height": 900}, color_scheme=scheme)
    view = visit.open(run)
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    visit.tab.screenshot(path=SCREENSHOTS / f"live-training-{width}-{scheme}.png", full_page=True)
    end(run)
    view.get_by_role("region", name="Result").wait_for()
    visit.tab.screenshot(path=SCREENSHOTS / f"live-finished-{width}-{scheme}.png", full_page=True)
    assert visit.tab.evaluate("document.documentElement.scrollWidth") == width
    if width == 390:
        order = [".live-bar", ".live-main-chart", ".live-answers", ".live-machine", ".live-details"]
        tops = [view.locator(place).bounding_box()["y"] for place in order]
        assert tops == sorted(tops)
    assert visit.is_clean(), visit.complaints
    visit.tab.context.close()
