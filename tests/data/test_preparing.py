"""Reading and tokenising in processes of their own: done once, found again, limited, cancelled, and tried anew."""

import errno
import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from hashlib import sha256
from pathlib import Path

import pytest

from tests.data.files import jsonl, written
from workbench.config.data import DataSettings
from workbench.data.preparing import worker
from workbench.data.preparing.intake import take_in
from workbench.data.preparing.prepare import Preparation
from workbench.data.preparing.requests import FileToRead, ReadRequest
from workbench.data.preparing.results import ExamplesResult
from workbench.data.preparing.steps import Waiting
from workbench.data.sets.changes import Change
from workbench.data.sets.edits import save_changes
from workbench.data.sets.versions import Made, restore, save_version
from workbench.errors import DataError, RunError

ROWS = [{"question": f"What is {n}?", "answer": f"It is {n}."} for n in range(40)]
PATIENCE_SECONDS = 20.0


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return written(tmp_path, "numbers.jsonl", jsonl(*ROWS[:20]) + "{broken\n" + jsonl(*ROWS[20:]))


@pytest.fixture
def endless(tmp_path: Path) -> Path:
    """A file that takes so long that something can happen meanwhile."""
    return written(tmp_path, "endless.jsonl", jsonl(*ROWS) * 20_000)


def preparation(path: Path, root: Path, **settings: object) -> Preparation:
    return Preparation(DataSettings(path=str(path), **settings), root)  # type: ignore[arg-type]


def read(path: Path, root: Path, **settings: object) -> ExamplesResult:
    result = preparation(path, root, **settings).examples(PATIENCE_SECONDS)
    assert isinstance(result, ExamplesResult)
    return result


def under_way(preparing: Preparation, root: Path) -> Path:
    """The job's folder, once its worker has begun."""
    assert isinstance(preparing.examples(), Waiting)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        for status in root.glob("cache/examples/*/status.json"):
            if json.loads(status.read_text())["step"]:
                return status.parent
        time.sleep(0.02)
    raise AssertionError("the worker never began")


def wait_for_end(preparing: Preparation) -> DataError:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        try:
            assert isinstance(preparing.examples(0.1), Waiting)
        except DataError as error:
            return error
    raise AssertionError("it never ended")


def test_every_row_is_accepted_or_has_its_reason(file: Path, root: Path) -> None:
    result = read(file, root)
    assert [example.messages[0].content for example in result.examples] == [row["question"] for row in ROWS]
    assert [(row["line"], row["excerpt"]) for row in result.rejected] == [(21, "{broken")]
    assert (result.summary["accepted"], result.summary["rejected"]) == (40, 1)
    assert result.summary["files"][0]["mapping"] == {"question": "question", "answer": "answer"}
    assert result.summary["files"][0]["sha256"] == sha256(file.read_bytes()).hexdigest()


def test_what_was_read_is_found_again_by_its_content(file: Path, root: Path) -> None:
    first = read(file, root)
    made_at = (first.path / "process.json").stat().st_mtime_ns
    os.utime(file)
    again = read(file, root)
    assert again.path == first.path
    assert (again.path / "process.json").stat().st_mtime_ns == made_at
    file.write_text(jsonl(*ROWS[:3]))
    assert read(file, root).summary["accepted"] == 3


def test_settings_that_change_the_reading_give_another_result(tmp_path: Path, root: Path) -> None:
    file = written(tmp_path, "table.csv", "question,answer\nHello,Ahoy\n")
    assert read(file, root).summary["accepted"] == 1
    assert read(file, root, header=False).summary["accepted"] == 2


def test_both_steps_give_tokens_for_each_example(file: Path, root: Path, tiny_model: Path) -> None:
    prepared = preparation(file, root).wait(tiny_model)
    assert len(prepared.tokens.tokens) == len(prepared.examples.examples) == 40


def test_a_file_that_is_no_data_is_refused_at_every_look(tmp_path: Path, root: Path) -> None:
    file = written(tmp_path, "empty.jsonl", "\n\n")
    for _ in range(2):
        with pytest.raises(DataError, match="holds no rows"):
            preparation(file, root).examples(PATIENCE_SECONDS)


def test_edits_find_their_rows_in_every_file_of_a_set_however_it_is_mixed(root: Path, reading_here: None) -> None:
    with zipfile.ZipFile(root / "box.zip", "w") as box:
        box.writestr("a/same.jsonl", jsonl(*ROWS[:2]))
        box.writestr("b/same.jsonl", jsonl(*ROWS[2:4]))
    save_version(
        root, "mine", {"box.zip": root / "box.zip", "more.jsonl": jsonl(*ROWS[4:6]).encode()}, Made("uploaded")
    )
    save_version(root, "other", {"other.jsonl": jsonl(*ROWS[6:8]).encode()}, Made("uploaded"))
    save_changes(root, "mine", [Change(1, 1, excluded=True), Change(2, 2, excluded=True)])
    preparing = Preparation(DataSettings(path="other", weights="mine: 2", eval_path="mine"), root)
    result = preparing.examples()
    assert isinstance(result, ExamplesResult)
    asked = [example.messages[0].content for example in result.examples]
    assert asked == [f"What is {n}?" for n in (6, 7, *(0, 1, 3, 4) * 2)]
    files = result.summary["files"]
    assert [file["place"] for file in files] == [0, 0, 1, 2, 0, 1, 2]
    assert [file["name"] for file in files[1:4]] == ["box.zip/a/same.jsonl", "box.zip/b/same.jsonl", "more.jsonl"]


def test_rows_belong_to_the_version_that_was_asked_for(root: Path, reading_here: None) -> None:
    save_version(root, "mine", {"a.jsonl": jsonl(*ROWS[:2]).encode()}, Made("typed"))
    restore(root, "mine", 1)
    for reference in ("mine@1", "mine@2"):
        result = Preparation(DataSettings(path=reference), root).examples()
        assert isinstance(result, ExamplesResult)
        assert result.summary["files"][0]["reference"] == reference


def test_an_empty_file_among_others_is_left_out_and_told(tmp_path: Path, root: Path, reading_here: None) -> None:
    folder = tmp_path / "texts"
    folder.mkdir()
    (folder / "a.txt").touch()
    (folder / "b.txt").write_text("Some text.")
    result = read(folder, root)
    assert [file["name"] for file in result.summary["files"]] == ["b.txt"]
    assert result.summary["notes"] == ["“a.txt” is empty, and is left out."]
    with pytest.raises(DataError, match=r"“a\.txt” is empty"):
        read(folder / "a.txt", root)


@pytest.mark.parametrize("content", ["", jsonl({"question": "Hello", "answer": ""})])
def test_a_set_to_check_with_must_hold_something(
    file: Path, tmp_path: Path, root: Path, reading_here: None, content: str
) -> None:
    kept_back = written(tmp_path, "check.jsonl", content)
    with pytest.raises(DataError, match=r"“check\.jsonl”"):
        read(file, root, eval_path=str(kept_back))


def test_a_killed_reading_is_told_once_and_then_tried_again(endless: Path, root: Path) -> None:
    preparing = preparation(endless, root)
    job = under_way(preparing, root)
    os.kill(json.loads((job / "process.json").read_text())["worker"]["pid"], signal.SIGKILL)
    assert "SIGKILL" in str(wait_for_end(preparing))
    assert isinstance(preparing.examples(), Waiting)
    preparing.cancel(endless.parent)
    assert "cancelled" in str(wait_for_end(preparing))


def test_a_reading_can_be_cancelled(endless: Path, root: Path) -> None:
    preparing = preparation(endless, root)
    job = under_way(preparing, root)
    preparing.cancel(endless.parent)
    assert "cancelled" in str(wait_for_end(preparing))
    assert not (job / "summary.json").exists()


def test_what_was_changed_while_it_was_read_is_not_kept(tmp_path: Path) -> None:
    file = written(tmp_path, "growing.jsonl", jsonl(*ROWS) * 10)
    request = ReadRequest((FileToRead(str(file), file.name),))
    folder = tmp_path / request.key()
    folder.mkdir()
    with pytest.raises(RunError, match="changed while it was read"):
        take_in(request, folder, lambda rows: file.write_text(jsonl(*ROWS)))
    assert not (folder / "summary.json").exists()


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "The disk is full. Make room"),
        (RunError("A file was changed.", "Wait for it."), "A file was changed. Wait for it."),
        (ValueError("odd"), "Reading failed: ValueError: odd. Choose it again"),
    ],
)
def test_a_failure_of_ours_is_told_once_and_leaves_nothing(
    file: Path, root: Path, reading_here: None, monkeypatch: pytest.MonkeyPatch, error: Exception, told: str
) -> None:
    def fail(request: object, folder: Path, on_row: object) -> None:
        (folder / "examples.arrow").write_bytes(b"half")
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(worker, "take_in", fail)
        with pytest.raises(DataError, match=told):
            preparation(file, root).examples()
    assert not list(root.rglob("examples.arrow"))
    assert read(file, root).summary["accepted"] == 40


def test_what_nobody_completed_gives_its_room_back(file: Path, root: Path, reading_here: None) -> None:
    killed = root / "cache" / "examples" / "killed"
    killed.mkdir(parents=True)
    for name in ("examples.arrow", "rejected.jsonl", "request.json"):
        (killed / name).write_bytes(b"half")
    result = read(file, root)
    assert [path.name for path in killed.iterdir()] == ["request.json"]
    file.write_text(jsonl(*ROWS[:3]))
    read(file, root)
    assert result.is_ready


def test_a_workspace_that_cannot_be_written_to_is_told(file: Path, root: Path) -> None:
    (root / "cache").symlink_to("nowhere")
    for place in (root, file):
        with pytest.raises(DataError, match="cannot be written to"):
            preparation(file, place).examples()


def test_a_file_that_is_gone_by_then_is_told(file: Path, root: Path) -> None:
    missing = ReadRequest((FileToRead(str(file.with_name("gone.jsonl")), "gone.jsonl"),))
    with pytest.raises(DataError, match=r"“gone\.jsonl” cannot be read: No such file"):
        missing.key()


@pytest.mark.parametrize(
    ("work", "ending"),
    [("while True: pass", -signal.SIGXCPU), ("bytearray(2 * 1024**3)", 1)],
)
def test_a_worker_is_held_to_its_limits(work: str, ending: int) -> None:
    code = f"from workbench.data.preparing.worker import limit; limit(1024**3, 1)\n{work}"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode == ending
