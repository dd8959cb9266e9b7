"""The Data tab in a browser: rows as the model sees them, edits, encodings, and sets that go and come back."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.browser.conftest import SOON, expect
from tests.browser.grid import type_into

pytestmark = pytest.mark.browser

OWN = "Add your own: type, paste or upload"
HOSTILE = "<img src=x onerror=alert(1)>"
ROWS = [{"question": f"What is item {number}?", "answer": f"Item {number} is a thing."} for number in range(30)]


def visit(tab: Any) -> None:
    tab.get_by_role("tab", name="Data").click()
    expect(tab.locator("#data-rows tr").first).to_be_visible(timeout=SOON)


def upload(tab: Any, *files: Path) -> None:
    tab.get_by_role("button", name="Add data").click()
    entry = tab.locator("#add-entry")
    entry.get_by_role("tab", name="Upload").click()
    tab.locator("#add-file input[type=file]").set_input_files(files)
    name = rf"{files[0].stem}\s*\{files[0].suffix}"
    expect(tab.locator("#add-file")).to_contain_text(re.compile(name), timeout=SOON)
    tab.locator("#add-upload-save").click()


def written(folder: Path, name: str, rows: list[Any]) -> Path:
    path = folder / name
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_a_row_is_shown_as_the_model_sees_it(tab: Any) -> None:
    visit(tab)
    expect(tab.locator("#data-counts")).to_contain_text(re.compile(r"Rows114 accepted, 0 left out"), timeout=SOON)
    expect(tab.locator("#data-guidance")).to_contain_text("not to teach facts", timeout=SOON)
    expect(tab.get_by_role("img", name=re.compile("Lengths of the rows"))).to_be_visible(timeout=SOON)

    row = tab.locator("#data-row")
    tab.get_by_role("button", name="2", exact=True).click()
    expect(row).to_contain_text("Line 2", timeout=SOON)
    learned = "".join(row.locator(".data-strip .learned").all_inner_texts())
    assert learned.startswith("Ahoy there, me hearty! What can I do for ye?")
    expect(row.locator(".data-strip")).to_contain_text("Hi there!", timeout=SOON)
    assert "Hi there!" not in learned

    row.get_by_role("button", name="Next row").click()
    expect(row).to_contain_text("Line 3", timeout=SOON)
    row.get_by_role("button", name="Row before").press("Enter")
    expect(row).to_contain_text("Line 2", timeout=SOON)

    tab.locator("[data-filter=held_out]").click()
    expect(tab.locator("#data-rows tr")).to_have_count(11, timeout=SOON)
    tab.locator("#data-words").fill("no such words")
    expect(tab.locator("#data-rows")).to_contain_text("No row holds that.", timeout=SOON)


def test_a_row_that_is_left_out_can_be_mended(tab: Any, tmp_path: Path) -> None:
    rows = [*ROWS, {"question": "Hello?", "answer": ""}, ROWS[3], {"question": HOSTILE, "answer": HOSTILE}]
    visit(tab)
    upload(tab, written(tmp_path, "store.jsonl", rows))
    expect(tab.locator("#data-set")).to_have_value("store", timeout=SOON)
    tab.locator("[data-filter=duplicates]").click()
    expect(tab.locator("#data-rows tr")).to_have_count(1, timeout=SOON)

    tab.locator("[data-filter=rejected]").click()
    expect(tab.locator("#data-rows tr")).to_have_count(1, timeout=SOON)
    tab.locator("#data-rows tr.rejected").click()
    row = tab.locator("#data-row")
    expect(row).to_contain_text("Left out: no answer.", timeout=SOON)
    row.get_by_role("button", name="Mend").click()
    expect(row.get_by_label("Question")).to_have_value("Hello?", timeout=SOON)
    row.get_by_label("Answer").fill("Hello to you!")
    row.get_by_role("button", name="Keep this change").click()

    tab.locator("[data-filter='']").click()
    tab.get_by_role("button", name="1", exact=True).click()
    expect(row).to_contain_text("Line 1", timeout=SOON)
    row.get_by_role("button", name="Exclude").click()
    expect(tab.locator("#data-pending")).to_contain_text("2 changes are not saved.", timeout=SOON)
    tab.locator("#data-save").click()
    expect(tab.locator("#data-note")).to_contain_text("Saved as version 2 of “store”.", timeout=SOON)
    expect(tab.locator("#data-counts")).to_contain_text("32 accepted, 0 left out, 1 excluded by you", timeout=SOON)

    tab.locator("[data-filter=excluded]").click()
    expect(tab.locator("#data-rows tr")).to_have_count(1, timeout=SOON)
    tab.locator("#data-rows tr.excluded").click()
    expect(row.get_by_role("button", name="Take it in again")).to_be_visible(timeout=SOON)
    tab.locator("#data-version").select_option("store@1")
    expect(tab.locator("#data-counts")).to_contain_text("32 accepted, 1 left out", timeout=SOON)


def test_another_encoding_is_offered_with_what_it_reads(tab: Any, tmp_path: Path) -> None:
    path = tmp_path / "polish.csv"
    path.write_bytes("pytanie;odpowiedź\nJak się masz?;Świetnie, dziękuję!\nGdzie?;Na łóżku.\n".encode("cp1250"))
    visit(tab)
    upload(tab, path)
    expect(tab.locator("#data-refused")).to_contain_text("is not stored as UTF-8", timeout=SOON)
    expect(tab.locator("#data-encodings")).to_contain_text("Świetnie, dziękuję!", timeout=SOON)
    tab.get_by_role("button", name="Read as windows-1250").click()
    expect(tab.locator("#data-rows")).to_contain_text("Na łóżku.", timeout=SOON)
    tab.get_by_role("tab", name="Train").click()
    expect(tab.locator("#data-facts")).to_contain_text("2 examples", timeout=SOON)
    expect(tab.get_by_role("combobox", name="Data", exact=True)).to_have_value("polish", timeout=SOON)
    tab.reload()
    expect(tab.locator("#data-facts")).to_contain_text("2 examples", timeout=SOON)


def test_a_deletion_can_be_undone(tab: Any, tmp_path: Path) -> None:
    visit(tab)
    upload(tab, written(tmp_path, "doomed.jsonl", ROWS))
    expect(tab.locator("#data-rows")).to_contain_text("What is item 1?", timeout=SOON)
    tab.locator("#data-delete").click()
    note = tab.locator("#data-note")
    expect(note).to_contain_text("“doomed” is deleted.", timeout=SOON)
    expect(tab.locator("#data-refused")).to_contain_text("Choose a set", timeout=SOON)
    note.get_by_role("button", name="Undo").click()
    expect(note).to_contain_text("“doomed” is back.", timeout=SOON)
    expect(tab.locator("#data-rows")).to_contain_text("What is item 1?", timeout=SOON)


def test_what_is_typed_survives_a_reload(tab: Any) -> None:
    tab.get_by_role("button", name=OWN).click()
    type_into(tab, "cell-0-0", "Hello?")
    with tab.expect_response(lambda answer: "Ahoy!" in (answer.request.post_data or ""), timeout=SOON):
        type_into(tab, "cell-0-1", "Ahoy!")
    tab.reload()
    tab.get_by_role("button", name=OWN).click()
    expect(tab.get_by_test_id("cell-0-0")).to_contain_text("Hello?", timeout=SOON)
    expect(tab.get_by_test_id("cell-0-1")).to_contain_text("Ahoy!", timeout=SOON)


def test_a_sample_chosen_here_is_chosen_for_training(tab: Any) -> None:
    visit(tab)
    tab.locator("#data-set").select_option("haiku")
    expect(tab.locator("#data-use")).to_be_enabled(timeout=SOON)
    tab.locator("#data-use").click()
    expect(tab.locator("#data-use")).to_be_disabled(timeout=SOON)
    tab.get_by_role("tab", name="Train").click()
    expect(tab.get_by_role("combobox", name="Data", exact=True)).to_have_value(re.compile("haiku"), timeout=SOON)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_wider_than_a_telephone(tab: Any, scheme: str) -> None:
    tab.emulate_media(color_scheme=scheme)
    tab.set_viewport_size({"width": 390, "height": 844})
    visit(tab)
    assert tab.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
