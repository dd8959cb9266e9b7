"""Rows that are edited or left out, and what of it the reading sees."""

import json
from pathlib import Path

import pytest

from tests.data.conftest import CONTENT
from tests.data.files import BYE, HELLO, jsonl
from workbench.data.examples import Example, Message
from workbench.data.reading.records import Note, Rejected
from workbench.data.sets.changes import Change, Changes, Excluded, load
from workbench.data.sets.edits import save_changes
from workbench.data.sets.sources import find
from workbench.data.sets.versions import Made, save_version, versions
from workbench.errors import DataError

pytestmark = pytest.mark.usefixtures("own_samples")

PAIR = (Message("user", "Hello"), Message("assistant", "Ahoy"))
MENDED = (Message("user", "Hello"), Message("assistant", "Avast"))


@pytest.fixture
def mine(root: Path) -> Path:
    save_version(root, "mine", {"a.jsonl": jsonl(HELLO, BYE).encode()}, Made("typed"))
    return root


def changes_of(root: Path, reference: str) -> list[dict]:
    path = find(reference, root).changes
    return [json.loads(line) for line in path.read_text().splitlines()] if path else []


def test_rows_are_left_out_said_anew_or_as_they_were() -> None:
    rows = [Example(1, PAIR), Example(2, PAIR), Example(3, PAIR), Note("A note.")]
    changes = Changes([Change(0, 1, excluded=True), Change(0, 2, messages=MENDED)])
    assert list(changes.applied(rows, 0)) == [
        Excluded(1, "Hello → Ahoy"),
        Example(2, MENDED),
        Example(3, PAIR),
        Note("A note."),
    ]


def test_a_change_is_for_a_row_of_one_file() -> None:
    changes = Changes([Change(1, 1, excluded=True)])
    assert list(changes.applied([Example(1, PAIR)], 0)) == [Example(1, PAIR)]
    assert list(changes.applied([Example(1, PAIR)], 1)) == [Excluded(1, "Hello → Ahoy")]


def test_a_rejected_row_can_be_mended_or_left_out() -> None:
    rows = [Rejected(1, "no answer", "question: Hello"), Rejected(2, "no answer", "question: Bye")]
    changes = Changes([Change(0, 1, messages=MENDED), Change(0, 2, excluded=True)])
    assert list(changes.applied(rows, 0)) == [Example(1, MENDED), Excluded(2, "question: Bye")]


def test_the_last_change_of_a_row_wins_and_an_empty_one_takes_it_back() -> None:
    rows = [Example(1, PAIR), Example(2, PAIR)]
    changes = Changes([Change(0, 1, excluded=True), Change(0, 2, excluded=True), Change(0, 1), Change(0, 2, text="x")])
    assert list(changes.applied(rows, 0)) == [Example(1, PAIR), Example(2, text="x")]


def test_what_is_said_anew_stands_for_all_pieces_of_a_line() -> None:
    pieces = [Example(1, text="One", ends_document=False), Example(1, text="Two"), Example(2, text="Three")]
    assert list(Changes([Change(0, 1, text="New")]).applied(pieces, 0)) == [Example(1, text="New"), pieces[2]]
    assert list(Changes([Change(0, 1, excluded=True)]).applied(pieces, 0)) == [Excluded(1, "One"), pieces[2]]
    assert list(Changes([Change(0, 1)]).applied(pieces, 0)) == pieces


def test_an_edit_is_a_new_version_over_the_same_file(mine: Path) -> None:
    saved = save_changes(mine, "mine", [Change(0, 2, messages=MENDED)])
    first, second = versions(mine, "mine")
    assert saved == second
    assert first.files[0].samefile(second.files[0])
    assert first.changes is None
    assert second.made == Made("edited", "mine@1")
    assert changes_of(mine, "mine") == [{"part": 0, "line": 2, "messages": [["user", "Hello"], ["assistant", "Avast"]]}]


def test_edits_add_up_and_one_that_is_taken_back_is_gone(mine: Path) -> None:
    save_changes(mine, "mine", [Change(0, 2, messages=MENDED)])
    save_changes(mine, "mine", [Change(0, 1, excluded=True)])
    assert [row["line"] for row in changes_of(mine, "mine@3")] == [1, 2]
    save_changes(mine, "mine", [Change(0, 2)])
    assert [row["line"] for row in changes_of(mine, "mine")] == [1]
    save_changes(mine, "mine", [Change(0, 1)])
    assert find("mine", mine).changes is None


def test_an_edit_can_go_out_from_an_earlier_version(mine: Path) -> None:
    save_changes(mine, "mine", [Change(0, 2, excluded=True)])
    assert save_changes(mine, "mine@1", [Change(0, 1, excluded=True)]).reference == "mine@3"
    assert [row["line"] for row in changes_of(mine, "mine")] == [1]


def test_an_edited_sample_becomes_a_set_of_its_own(root: Path, own_samples: Path) -> None:
    saved = save_changes(root, "pirate", [Change(0, 1, excluded=True)])
    assert (saved.reference, saved.made) == ("pirate-edited@1", Made("edited", "pirate"))
    assert not saved.files[0].samefile(own_samples / "pirate.jsonl")
    assert saved.files[0].read_bytes() == CONTENT
    assert save_changes(root, "pirate", [Change(0, 1, text="x")]).reference == "pirate-edited-2@1"
    assert save_changes(root, "pirate", [Change(0, 1, text="x")], "parrot").reference == "parrot@1"


def test_a_file_becomes_a_set_when_it_is_edited_and_a_folder_is_refused(root: Path, tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "My shop.jsonl").write_bytes(CONTENT)
    saved = save_changes(root, str(folder / "My shop.jsonl"), [Change(0, 1, excluded=True)])
    assert (saved.reference, saved.made.source) == ("my-shop-edited@1", "My shop.jsonl")
    (folder / "b.jsonl").write_bytes(CONTENT)
    with pytest.raises(DataError, match="is a folder, whose rows cannot be edited"):
        save_changes(root, str(folder), [Change(0, 1, excluded=True)])


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (Change(0, 7, messages=(Message("user", "Hello"),)), "Row 7 has no answer."),
        (Change(0, 7, messages=(*PAIR[:1], Message("assistant", " "))), "Row 7 has no answer."),
        (Change(0, 7, messages=(Message("user", ""), PAIR[1])), "Row 7 has no question."),
        (Change(0, 7, messages=PAIR[1:]), "Row 7 begins with an answer."),
        (Change(0, 7, messages=(Message("pirate", "x"), *PAIR)), "Row 7 has the role “pirate” in message 1"),
        (Change(0, 7, messages=(*PAIR, Message("system", "x"))), "Row 7 has the role “system” in message 3"),
        (Change(0, 7, text="a\0b"), "Row 7 holds the broken character U+0000."),
        (Change(-1, 7, text="x"), "names no row"),
    ],
)
def test_what_cannot_be_learned_from_is_refused(mine: Path, change: Change, reason: str) -> None:
    with pytest.raises(DataError) as refused:
        save_changes(mine, "mine", [change])
    assert reason in refused.value.message
    assert len(versions(mine, "mine")) == 1


def test_what_is_written_is_what_is_read(tmp_path: Path) -> None:
    changes = [Change(0, 1, excluded=True), Change(0, 2, messages=MENDED), Change(1, 2, text="Ahoy\n“x”")]
    path = tmp_path / "changes.jsonl"
    path.write_text(Changes(changes).to_jsonl())
    rows = [Example(2, text="old")]
    assert load(path).to_jsonl() == path.read_text()
    assert list(load(path).applied(rows, 1)) == [Example(2, text="Ahoy\n“x”")]
    assert len(load(None)) == 0


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "7",
        "[]",
        '{"part": 0}',
        '{"part": "0", "line": 1}',
        '{"part": 0, "line": true}',
        '{"part": 0, "line": 1, "excluded": "no"}',
        '{"part": 0, "line": 1, "messages": [["user"]]}',
        '{"part": 0, "line": 1, "messages": [["user", 7], ["assistant", "x"]]}',
        '{"part": 0, "line": 1, "text": 7}',
    ],
)
def test_a_broken_line_of_changes_is_refused(tmp_path: Path, line: str) -> None:
    path = tmp_path / "changes.jsonl"
    path.write_text(f'{{"part": 0, "line": 1, "excluded": true}}\n{line}\n')
    with pytest.raises(DataError) as refused:
        load(path)
    assert refused.value.hint in ("Choose an earlier version of the set.", "Mend it, or leave the row out.")
