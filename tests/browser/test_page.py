"""The real page in a browser: from one's own examples to a result, and what happens to mistakes."""

import re
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import SOON, expect
from tests.browser.grid import type_into

pytestmark = pytest.mark.browser

WHILE_TRAINING = 120_000


def choose(tab: Any, name: str, option: str) -> None:
    tab.get_by_role("combobox", name=name, exact=True).click()
    tab.get_by_role("option", name=option, exact=True).click()


def type_examples(tab: Any, examples: list[tuple[str, str]]) -> None:
    tab.get_by_role("button", name="Add your own: type, paste or upload").click()
    for row, pair in enumerate(examples):
        for column, words in enumerate(pair):
            type_into(tab, f"cell-{row}-{column}", words)


# In the browser, since a short run may end between two looks from here.
IS_FURTHER = """seen => {
  const words = document.querySelector("#watch-view").innerText;
  return words.includes("Download adapter") || Number(words.match(/step (\\d+) of/)?.[1]) > seen;
}"""


def step_of(tab: Any) -> int:
    """The step that the live view shows, 0 before there is one."""
    found = re.search(r"step (\d+) of", tab.locator("#watch-view").inner_text())
    return int(found[1]) if found else 0


def test_from_typed_examples_to_a_result(tab: Any) -> None:
    choose(tab, "Model", "tiny")
    type_examples(tab, [("Hello?", "Ahoy!"), ("Who are you?", "A pirate!"), ("Bye?", "Fair winds!")])
    tab.get_by_label("Name of this set").first.fill("typed")
    tab.locator("#data-type-save").click()
    expect(tab.locator("#data-facts")).to_contain_text("3 examples, 1 kept for checking, 0 left out", timeout=SOON)
    expect(tab.locator("#plan")).to_contain_text("Everything stays on this computer.")

    tab.locator("#start").click()
    watch = tab.locator("#watch-view")
    expect(watch).to_contain_text("typed-1", timeout=SOON)
    expect(watch).to_contain_text(re.compile(r"step \d+ of"), timeout=WHILE_TRAINING)
    seen = step_of(tab)
    tab.wait_for_function(IS_FURTHER, arg=seen, timeout=WHILE_TRAINING)
    expect(watch).to_contain_text("Download adapter", timeout=WHILE_TRAINING)

    tab.reload()
    expect(tab.locator("#header")).to_contain_text("nothing running")
    tab.get_by_text("Watch", exact=True).click()
    expect(watch).to_contain_text("Your example", timeout=SOON)

    tab.get_by_role("tab", name="Runs").click()
    tab.get_by_role("button", name="typed-1").click()
    expect(tab.locator("#run-detail")).to_contain_text("Download adapter", timeout=SOON)
    tab.get_by_label("New name").fill("My <b>pirate</b>")
    tab.locator("#run-rename").click()
    expect(tab.get_by_role("button", name="My <b>pirate</b>")).to_be_visible(timeout=SOON)
    tab.locator("#run-reuse").click()
    expect(tab.get_by_role("combobox", name="Data", exact=True)).to_have_value("typed", timeout=SOON)


def test_a_stopped_run_goes_on(tab: Any) -> None:
    choose(tab, "Model", "tiny")
    tab.get_by_label("Passes over your data (epochs)").press_sequentially("1000")
    tab.locator("#run-name").get_by_role("textbox").fill("long")
    tab.locator("#start").click()
    tab.get_by_role("tab", name="Runs").click()
    tab.get_by_role("button", name="long").click()
    detail = tab.locator("#run-detail")
    expect(detail).to_contain_text(re.compile(r"step [1-9]\d* of"), timeout=WHILE_TRAINING)
    expect(tab.locator("#run-resume")).to_be_hidden()
    stop(detail)
    tab.locator("#run-resume").click(timeout=WHILE_TRAINING)
    expect(tab.locator("#run-list")).to_contain_text("preparing", timeout=WHILE_TRAINING)
    expect(detail).to_contain_text(re.compile("training · step"), timeout=WHILE_TRAINING)
    stop(detail)
    expect(detail.locator("#run-chat")).to_be_visible(timeout=WHILE_TRAINING)


def stop(view: Any) -> None:
    view.get_by_role("button", name="Stop").click()
    view.get_by_role("group", name="Confirm stopping").get_by_role("button", name="Stop").click()


def test_the_form_survives_a_reload(tab: Any) -> None:
    choose(tab, "Model", "tiny")
    rank = tab.get_by_label("Adapter size (rank)")
    rank.fill("16")
    tab.get_by_label("Passes over your data (epochs)").press_sequentially("3")
    expect(tab.locator("#plan")).to_contain_text(re.compile("updates78"), timeout=SOON)
    # The plan follows what is typed; the command tells what the form was told.
    tab.get_by_role("button", name="Command that does the same").click()
    expect(tab.locator("#command textarea")).to_have_value(re.compile("rank 16.*epochs 3|epochs 3.*rank 16"))
    tab.reload()
    expect(rank).to_have_value("16", timeout=SOON)
    expect(tab.get_by_label("Passes over your data (epochs)")).to_have_value("3")
    expect(tab.get_by_role("combobox", name="Model", exact=True)).to_have_value("tiny")


def test_a_preset_says_what_it_changes_and_can_be_undone(tab: Any) -> None:
    choose(tab, "Model", "tiny")
    tab.get_by_role("button", name="Thorough").click()
    expect(tab.locator("#preset-note")).to_contain_text("Adapter size (rank): 8 → 32", timeout=SOON)
    expect(tab.get_by_role("button", name="Advanced · 1 changed")).to_be_visible(timeout=SOON)
    tab.get_by_role("button", name="Undo").click()
    expect(tab.get_by_label("Adapter size (rank)")).to_have_value("8", timeout=SOON)


def test_an_edit_after_a_preset_keeps_what_undo_goes_back_to(tab: Any) -> None:
    choose(tab, "Model", "tiny")
    rank = tab.get_by_label("Adapter size (rank)")
    tab.get_by_role("button", name="Thorough").click()
    expect(rank).to_have_value("32", timeout=SOON)
    rank.fill("5")
    expect(tab.locator("#plan")).to_contain_text("10,240 of", timeout=SOON)
    tab.get_by_role("button", name="Undo").click()
    expect(rank).to_have_value("8", timeout=SOON)


def test_mistakes_are_said_where_they_are_made(tab: Any, tmp_path: Path) -> None:
    choose(tab, "Model", "tiny")
    tab.get_by_label("Adapter size (rank)").fill("0")
    expect(tab.locator("#plan")).to_contain_text("0 is outside 1 to 256", timeout=SOON)
    expect(tab.get_by_role("button", name="Mend first: Adapter size (rank)")).to_be_disabled()
    tab.get_by_label("Adapter size (rank)").fill("4")
    tab.get_by_role("button", name="More: alpha, dropout, target modules").click()
    layers = tab.get_by_role("combobox", name="Which layers get an adapter (target modules)")
    layers.fill("q_prj")
    layers.press("Enter")
    layers.press("Tab")
    expect(tab.locator("#plan")).to_contain_text("This model has no layer called q_prj. It has q_proj", timeout=SOON)
    layers.click()
    tab.get_by_role("option", name="attention · 8 layers, 2 sizes").click()
    tab.locator(".token", has_text="q_prj").get_by_role("button").click()
    expect(tab.get_by_role("button", name="Start training")).to_be_enabled(timeout=SOON)

    tab.get_by_role("button", name="Add your own: type, paste or upload").click()
    tab.get_by_role("tab", name="Paste").click()
    tab.locator("#data-paste-name").get_by_role("textbox").fill("pasted")
    tab.locator("#data-paste-save").click()
    expect(tab.get_by_text("The pasted text is empty.")).to_be_visible(timeout=SOON)


def test_an_upload_shows_the_row_it_leaves_out(tab: Any, tmp_path: Path) -> None:
    good, bad = tmp_path / "good.jsonl", tmp_path / "bad.csv"
    good.write_text('{"question": "a", "answer": "b"}\n{"question": 3}\n{"question": "c", "answer": "d"}\n')
    bad.write_bytes(b"\x89PNG\r\n\x1a\n not a table")
    choose(tab, "Model", "tiny")
    tab.get_by_role("button", name="Add your own: type, paste or upload").click()
    tab.get_by_role("tab", name="Upload").click()
    chooser = tab.locator("#data-file input[type=file]")
    chooser.set_input_files(bad)
    expect(tab.locator("#data-file")).to_contain_text(re.compile(r"bad\s*\.csv"), timeout=SOON)
    tab.locator("#data-upload-save").click()
    expect(tab.get_by_text("is an image, not text.")).to_be_visible(timeout=SOON)

    tab.locator("#data-file").get_by_label("Clear").last.click()
    chooser.set_input_files(good)
    expect(tab.locator("#data-file")).to_contain_text(re.compile(r"good\s*\.jsonl"), timeout=SOON)
    tab.locator("#data-upload-save").click()
    expect(tab.locator("#data-facts")).to_contain_text("1 left out", timeout=SOON)
    tab.get_by_role("button", name="Preview · 1 left out").click()
    expect(tab.locator("#preview")).to_contain_text("Line 2:")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_wider_than_a_telephone(tab: Any, scheme: str) -> None:
    tab.emulate_media(color_scheme=scheme)
    tab.set_viewport_size({"width": 390, "height": 844})
    for name in ("Train", "Runs", "Help"):
        tab.get_by_role("tab", name=name).click()
        expect(tab.get_by_role("tab", name=name)).to_have_attribute("aria-selected", "true")
        assert tab.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
