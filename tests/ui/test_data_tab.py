"""The Data tab without a browser: what it answers, what it refuses, and the files that it hands out."""

import csv
import io
import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gradio as gr
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from tests.data.prepared import HEAD, Store, ask
from workbench.config.run_config import RunConfig
from workbench.data.examples import Example
from workbench.data.sets import draft
from workbench.data.sets.sources import find_set, list_datasets
from workbench.data.sets.versions import Made, save_version, versions
from workbench.errors import DataError, SettingError
from workbench.ui.choices import data_options
from workbench.ui.data import downloads as data_downloads
from workbench.ui.data import rows as data_rows
from workbench.ui.data import view as data_view
from workbench.ui.data.desk import Choice, Desk, Looked
from workbench.ui.data.snapshot import file_defaults, snapshot
from workbench.ui.data.strip import BEGINS_ROW, LEARNED, LEFT_OUT, join, strips
from workbench.ui.entry import DataEntry

WRONG = [{"part": 0, "line": line, "reason": "no answer", "excerpt": f"q: {line}"} for line in (2, 90)]
EXCLUDED = [{"part": 0, "line": 77, "excerpt": "q: mine"}]
PLAIN = [ask(f"What is number {number}?", f"It is number {number}, of course.") for number in range(60)]


@pytest.fixture
def look(root: Path, tmp_path: Path) -> Callable[..., Looked]:
    """Examples, as they are after preparing."""
    save_version(root, "mine", {"mine.jsonl": b"{}\n"}, Made("uploaded"))
    found = find_set("mine", root)
    assert found

    def make(examples: list[Example], **more: Any) -> Looked:
        subject = Store(Path(tempfile.mkdtemp(dir=tmp_path))).subject(examples, **more)
        return Looked(Choice(RunConfig(), found, "starter", root), subject)

    return make


def listed(looked: Looked, filter_id: str = "", words: str = "", page: int = 0) -> list[tuple[str, int]]:
    return [(row["kind"], row["line"]) for row in data_rows.page(looked, filter_id, words, page)["rows"]]


def test_rejected_rows_stand_where_they_stand_in_the_file(look: Callable[..., Looked]) -> None:
    looked = look(PLAIN, rejected=WRONG)
    assert [line for _, line in listed(looked)[:4]] == [1, 2, 2, 3]
    assert ("rejected", 2) in listed(looked)[:4]
    assert listed(looked, page=2)[-1] == ("rejected", 90)
    assert listed(looked, "rejected") == [("rejected", 2), ("rejected", 90)]


def test_a_page_beyond_the_last_is_the_last(look: Callable[..., Looked]) -> None:
    page = data_rows.page(look(PLAIN), "", "", 99)
    assert (page["total"], page["page"], page["pages"], len(page["rows"])) == (60, 2, 3, 10)
    assert data_rows.page(look(PLAIN), "duplicates", "", 3)["rows"] == []


def test_words_narrow_what_a_filter_finds(look: Callable[..., Looked]) -> None:
    looked = look([*PLAIN, PLAIN[7], PLAIN[8]])
    assert [line for _, line in listed(looked, "duplicates", "number 7?")] == [61]
    assert [line for _, line in listed(looked, "", "NUMBER 7?")] == [8, 61]


def test_an_excluded_row_can_be_seen_and_named(look: Callable[..., Looked]) -> None:
    looked = look(PLAIN, rejected=WRONG, excluded=EXCLUDED)
    row = data_rows.page(looked, "excluded", "", 0)["rows"][0]
    assert (row["kind"], row["line"], row["question"]) == ("excluded", 77, "q: mine")
    assert data_rows.whole(looked, row["id"])["excerpt"] == "q: mine"


def test_a_row_that_gave_no_tokens_still_shows_its_words(look: Callable[..., Looked]) -> None:
    looked = look(PLAIN, no_tokens=4)
    row = data_rows.page(looked, "rejected", "", 0)["rows"][0]
    whole = data_rows.whole(looked, row["id"])
    assert whole["reason"] == "nothing to learn in it"
    assert whole["turns"][0] == ["user", "What is number 4?"]
    assert "strips" not in whole


@pytest.mark.parametrize("row", [60, -1, 10**9])
def test_a_row_that_is_not_there_is_refused(look: Callable[..., Looked], row: int) -> None:
    with pytest.raises(DataError, match="no such row"):
        data_rows.whole(look(PLAIN), row)


def test_next_goes_round_and_random_stays_within_the_filter(look: Callable[..., Looked]) -> None:
    looked = look([*PLAIN, PLAIN[7], PLAIN[8]])
    assert data_rows.neighbour(looked, "duplicates", "", 61, 1) == 60
    assert data_rows.neighbour(looked, "duplicates", "", None, 1) == 60
    assert {data_rows.neighbour(looked, "duplicates", "", 0, 0) for _ in range(30)} == {60, 61}
    assert data_rows.neighbour(looked, "html", "", None, 1) is None


def states(looked: Looked, example: int = 0) -> list[int]:
    return [state for _, state, count in strips(looked.subject, example)[0]["pieces"] for _ in range(count)]


def test_the_answer_is_learned_and_the_question_is_read(look: Callable[..., Looked]) -> None:
    strip = strips(look(PLAIN).subject, 0)[0]
    assert states(look(PLAIN)) == [0] * (HEAD + 4) + [LEARNED] * 7
    assert (strip["tokens"], strip["learned"], strip["left_out"]) == (14, 7, 0)


def test_what_is_cut_is_marked_and_not_called_learned(look: Callable[..., Looked]) -> None:
    long = [ask("word " * 30, "Yes, it is.")]
    assert states(look(long, max_length=16)) == [0] + [LEFT_OUT] * 21 + [0] * 11 + [LEARNED] * 4
    assert states(look([ask("Why?", "word " * 30)], max_length=16, over_long="cut_end"))[16:] == [LEFT_OUT] * 19


def test_a_text_shows_where_its_rows_begin(look: Callable[..., Looked]) -> None:
    looked = look([Example(1, text="word " * 30)], max_length=16)
    begins = [place for place, state in enumerate(states(looked)) if state & BEGINS_ROW]
    assert begins and begins[0] <= 16
    assert strips(looked.subject, 0)[0]["rows"] == len(begins) + 1


def test_tokens_that_share_a_letter_are_one_piece() -> None:
    assert join([b"a", b"\xc5", b"\x82", b"b"], [0, 1, 1, 0]) == [("a", 0, 1), ("ł", 1, 2), ("b", 0, 1)]
    assert join([b"\xff", b"a", b"\xc5"], [0, 0, 1]) == [("\ufffd", 0, 1), ("a", 0, 1), ("\ufffd", 1, 1)]


def ask_view(root: Path, name: str, arg: Any) -> Any:
    """What the browser gets when it calls a function of the view."""
    return next(function for function in data_view.functions(Desk(root)) if function.__name__ == name)(arg)


@pytest.mark.parametrize(
    "arg",
    [
        None,
        7,
        "x",
        [],
        {"settings": 7},
        {"settings": {"data.path": ["/etc"]}},
        {"settings": {"nonsense": 1, "data.path": "pirate"}},
    ],
)
@pytest.mark.parametrize("name", ["look", "list_rows", "open_row", "step", "cancel", "save_rows", "change_set"])
def test_whatever_the_browser_sends_gets_an_answer(root: Path, name: str, arg: Any) -> None:
    assert isinstance(ask_view(root, name, arg), dict)


@pytest.mark.parametrize("setting", ["data.path", "data.eval_path"])
@pytest.mark.parametrize("path", ["/etc/passwd", "../pirate", "~", "pirate/../pirate"])
def test_a_path_is_no_name_of_a_set(root: Path, setting: str, path: str) -> None:
    with pytest.raises(SettingError, match="not in the list"):
        Desk(root).choose({"data.path": "pirate", setting: path})
    told = snapshot(Desk(root), {"data.path": "pirate", setting: path})
    assert (told["state"], told["problem"]["setting"]) == ("refused", setting)


def test_a_path_cannot_be_mixed_in(root: Path) -> None:
    answer = ask_view(root, "look", {"settings": {"data.path": "pirate", "data.weights": "/etc/passwd: 2"}})
    assert answer["state"] == "refused"
    assert "no set “/etc/passwd”" in answer["problem"]["message"]


def test_nothing_chosen_offers_the_sets(root: Path) -> None:
    told = snapshot(Desk(root), {"data.path": ""})
    assert told["state"] == "empty"
    assert [row["name"] for row in told["sets"]] == [dataset.name for dataset in list_datasets(root)]


def test_rows_are_saved_as_a_version_of_their_own(root: Path) -> None:
    changes = [{"part": 0, "line": 1, "messages": [["user", "Hi?"], ["assistant", "Aye!"]]}]
    saved = ask_view(root, "save_rows", {"settings": {"data.path": "pirate"}, "changes": changes})
    assert saved == {"set": "pirate-edited", "version": 1}
    again = [{"part": 0, "line": 2, "excluded": True}]
    assert ask_view(root, "save_rows", {"settings": {"data.path": "pirate-edited"}, "changes": again})["version"] == 2
    assert len(versions(root, "pirate-edited")) == 2


@pytest.mark.parametrize("change", [{"part": 0}, {"part": 0, "line": 1, "messages": [["user", "Hi?"]]}, 7])
def test_a_row_that_teaches_nothing_is_not_saved(root: Path, change: Any) -> None:
    answer = ask_view(root, "save_rows", {"settings": {"data.path": "pirate"}, "changes": [change]})
    assert answer["problem"]["message"]
    assert not (root / "data").exists()


def test_a_deleted_set_can_come_back(root: Path) -> None:
    save_version(root, "mine", {"a.jsonl": b"{}\n"}, Made("uploaded"))
    assert ask_view(root, "change_set", {"action": "delete", "name": "mine"}) == {"set": "mine"}
    assert find_set("mine", root) is None
    assert ask_view(root, "change_set", {"action": "undelete", "name": "mine"}) == {"set": "mine"}
    assert ask_view(root, "change_set", {"action": "restore", "name": "mine", "version": 1})["version"] == 2
    for name in ("pirate", "../mine", ""):
        assert "problem" in ask_view(root, "change_set", {"action": "delete", "name": name})


def test_the_form_can_take_back_how_a_file_is_read() -> None:
    assert file_defaults()["data.encoding"] == "utf-8"
    assert file_defaults()["data.question_column"] == ""
    assert "data.path" not in file_defaults()


def test_an_earlier_version_can_be_chosen_for_training(root: Path) -> None:
    for _ in range(2):
        save_version(root, "mine", {"a.jsonl": b"{}\n"}, Made("uploaded"))
    assert ("mine@1", "mine@1") in data_options(root, "mine@1")
    assert data_options(root, "/etc@1") == data_options(root, "mine") == data_options(root)


@pytest.fixture
def client(root: Path) -> TestClient:
    app = FastAPI()
    data_downloads.add_routes(app, root)
    return TestClient(app)


@pytest.mark.parametrize("settings", ["{}", "x", '{"data.path": "/etc/passwd"}', '{"data.path": 7}', "[]"])
@pytest.mark.parametrize("name", data_downloads.FILES)
def test_only_what_is_listed_is_handed_out(client: TestClient, name: str, settings: str) -> None:
    if "path" in settings:
        assert client.get(f"/data/{name}", params={"settings": settings}).status_code == 404


def test_accepted_rows_are_written_as_they_were_understood(look: Callable[..., Looked]) -> None:
    looked = look([PLAIN[0], Example(1, text="Ahoy,\n“you”"), PLAIN[1]], no_tokens=2)
    lines = [json.loads(line) for line in data_downloads.FILES["accepted.jsonl"][0](looked)]
    assert lines[0]["messages"][1] == {"role": "assistant", "content": "It is number 0, of course."}
    assert lines[1:] == [{"text": "Ahoy,\n“you”"}]


def test_rejected_rows_run_nothing_in_a_spreadsheet(look: Callable[..., Looked]) -> None:
    looked = look(PLAIN, rejected=[{"part": 0, "line": 5, "reason": "no answer", "excerpt": '=HYPERLINK("x"),1'}])
    table = "".join(data_downloads.FILES["rejected.csv"][0](looked))
    assert list(csv.reader(io.StringIO(table))) == [
        ["file", "line", "reason", "excerpt"],
        ["mine.jsonl", "5", "no answer", '\'=HYPERLINK("x"),1'],
    ]
    rows = [json.loads(line) for line in data_downloads.FILES["rejected.jsonl"][0](looked)]
    assert rows == [{"file": "mine.jsonl", "line": 5, "reason": "no answer", "excerpt": '=HYPERLINK("x"),1'}]


@pytest.fixture
def entry(root: Path) -> DataEntry:
    with gr.Blocks():
        return DataEntry(root)


def test_several_files_become_one_set(root: Path, entry: DataEntry, tmp_path: Path) -> None:
    files = [tmp_path / "My file.jsonl", tmp_path / "b.csv"]
    for file in files:
        file.write_text("question,answer\na,b\n")
    assert entry.save_upload("", [str(file) for file in files]) == "my-file"
    assert sorted(path.name for path in versions(root, "my-file")[0].files) == ["My-file.jsonl", "b.csv"]


def test_an_upload_that_is_called_like_a_sample_gets_a_name_of_its_own(entry: DataEntry, tmp_path: Path) -> None:
    file = tmp_path / "pirate.jsonl"
    file.write_text('{"question": "a", "answer": "b"}\n')
    assert entry.save_upload("", [str(file)]) == "pirate-own"


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\n no table", b"PK\x03\x04 not text"])
def test_what_is_surely_no_data_is_not_kept(root: Path, entry: DataEntry, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "bad.csv"
    file.write_bytes(content)
    with pytest.raises(DataError):
        entry.save_upload("bad", [str(file)])
    assert not (root / "data").exists()


def test_a_file_in_another_encoding_is_kept_so_that_it_can_be_mended(entry: DataEntry, tmp_path: Path) -> None:
    file = tmp_path / "polish.csv"
    file.write_bytes("pytanie;odpowiedź\nJak?;Świetnie.\n".encode("cp1250"))
    assert entry.save_upload("", [str(file)]) == "polish"


def test_saving_what_was_typed_clears_the_draft(root: Path, entry: DataEntry) -> None:
    draft.save(root, draft.Draft("typed", (("a", "b"),)))
    assert entry._save_typed("typed", [["a", "b"], ["", ""], [None, None]]) == "typed"
    assert draft.load(root) == draft.Draft()
