"""Examples from the page: typed pairs, pasted cells, and the draft of what is being typed."""

import os
from pathlib import Path

import pytest

from tests.data.files import read
from workbench.data.sets import draft
from workbench.data.sets.draft import Draft
from workbench.data.sets.sources import list_datasets
from workbench.data.sets.typed import parse_pasted, rows_to_jsonl
from workbench.errors import DataError


def test_typed_rows_come_back_as_they_were(tmp_path: Path) -> None:
    rows = [["Hello", 'Ahoy\n“me” "hearty"'], ["", "  "], ["Grüße 🏴‍☠️", " Fair winds"], ["", ""]]
    path = tmp_path / "typed.jsonl"
    path.write_bytes(rows_to_jsonl(rows))
    contents = [[message.content for message in example.messages] for example in read(path).examples]
    assert contents == [rows[0], rows[2]]


def test_half_empty_rows_are_named() -> None:
    rows = [["Hello", "Ahoy"], ["Bye", ""], ["", "Aye"], ["bad \ud800", "x"]]
    with pytest.raises(DataError) as refused:
        rows_to_jsonl(rows)
    expected = "row 2 has no answer, row 3 has no question, row 4 holds the broken character U+D800"
    assert expected in refused.value.message


def test_nothing_typed_is_refused() -> None:
    with pytest.raises(DataError, match="There are no examples yet"):
        rows_to_jsonl([["", ""]])


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("Hello\tAhoy\nBye\tFair winds", [["Hello", "Ahoy"], ["Bye", "Fair winds"]]),
        ("Hello\tAhoy\r\nBye\tFair winds\r\n", [["Hello", "Ahoy"], ["Bye", "Fair winds"]]),
        ("Question\tANSWER\nHello\tAhoy\n", [["Hello", "Ahoy"]]),
        ("Frage\tAntwort\nHallo\tAhoi", [["Hallo", "Ahoi"]]),
        ('"two\nlines"\t"say ""Ahoy""\tnow"\nBye\tx', [["two\nlines", 'say "Ahoy"\tnow'], ["Bye", "x"]]),
        ('"Ahoy" he said\tand "left', [['"Ahoy" he said', 'and "left']]),
        ("\n\t\nHello\tAhoy\t\t\n\n", [["Hello", "Ahoy"]]),
        ("Hello\t\n", [["Hello", ""]]),
        ('""\tx\n"a"\t"b"', [["", "x"], ["a", "b"]]),
    ],
)
def test_pasted_cells(text: str, rows: list[list[str]]) -> None:
    assert parse_pasted(text) == rows


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "The pasted text is empty."),
        (" \n\t\n", "The pasted text is empty."),
        ("Hello, Ahoy", "Row 1 of the pasted text has 1 column, not 2."),
        ("a\tb\nc\td\te", "Row 2 of the pasted text has 3 columns, not 2."),
    ],
)
def test_pasted_text_without_two_columns(text: str, message: str) -> None:
    with pytest.raises(DataError) as refused:
        parse_pasted(text)
    assert refused.value.message == message


def test_a_draft_lasts_until_it_is_cleared(root: Path) -> None:
    assert draft.load(root) == Draft()
    typed = Draft("butler", (("Hello", "Good day, “my lord”\n"), ("", "half a pair")))
    draft.save(root, typed)
    assert draft.load(root) == typed
    draft.clear(root)
    draft.clear(root)
    assert draft.load(root) == Draft()


def test_a_draft_is_no_set_and_a_failed_save_keeps_the_one_before(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    draft.save(root, Draft("butler", (("Hello", "Good day"),)))

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        draft.save(root, Draft("other"))
    assert draft.load(root).name == "butler"
    assert all(dataset.is_sample for dataset in list_datasets(root))
