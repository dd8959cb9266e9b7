"""Versions of sets: written whole, never changed, brought back, deleted."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.data.conftest import CONTENT
from workbench.data.sets import originals
from workbench.data.sets.trash import delete, undelete
from workbench.data.sets.versions import Made, restore, save_version, versions
from workbench.errors import DataError, WorkbenchError

pytestmark = pytest.mark.usefixtures("own_samples")

TYPED = Made("typed")


def contents(root: Path, name: str) -> list[bytes]:
    return [version.files[0].read_bytes() for version in versions(root, name)]


def test_each_save_is_a_new_version_that_knows_how_it_was_made(root: Path) -> None:
    save_version(root, "mine", {"a.jsonl": CONTENT}, TYPED)
    save_version(root, "mine", {"b.csv": b"question,answer\n"}, Made("hub", hub={"id": "org/name", "commit": "0" * 40}))
    first, second = versions(root, "mine")
    assert contents(root, "mine") == [CONTENT, b"question,answer\n"]
    assert (first.made, first.reference, second.reference) == (TYPED, "mine@1", "mine@2")
    assert second.made.hub["id"] == "org/name"
    assert datetime.now(UTC) - second.made_at < timedelta(minutes=1)


def test_several_files_are_one_version(root: Path, tmp_path: Path) -> None:
    uploaded = tmp_path / "upload.bin"
    uploaded.write_bytes(CONTENT)
    version = save_version(root, "mine", {"shop.jsonl": uploaded, "haiku.csv": b"a,b\n"}, Made("uploaded"))
    assert [path.name for path in version.files] == ["haiku.csv", "shop.jsonl"]
    uploaded.write_bytes(b"changed since")
    assert version.files[1].read_bytes() == CONTENT


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (["../../etc/passwd.csv"], ["passwd.csv"]),
        (["C:\\Users\\me\\My Dörte (1).CSV"], ["My-Dörte-1.csv"]),
        ([".hidden.jsonl", "a\nb:c,d.txt"], ["hidden.jsonl", "a-b-c-d.txt"]),
        (["a.json", "A.json", "a.csv"], ["a.json", "A-2.json", "a.csv"]),
        (["\u202egpj.txt", "???.md", "x" * 300 + ".txt"], ["gpj.txt", "data.md", "x" * 50 + ".txt"]),
    ],
)
def test_file_names_are_made_safe(given: list[str], kept: list[str]) -> None:
    assert originals.safe_names(given) == kept


@pytest.mark.parametrize("name", ["setup.exe", "README", "a.csv.", "a.csv/", ".csv/..", ""])
def test_a_file_that_cannot_be_read_is_refused_and_leaves_nothing(root: Path, name: str) -> None:
    with pytest.raises(DataError, match="cannot be read as data"):
        save_version(root, "mine", {name: CONTENT}, TYPED)
    assert versions(root, "mine") == []
    assert [path for path in root.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize(
    "name", ["", ".", "..", "../x", "a/b", ".hidden", "a" * 65, "a b", "a\0b", "a\n", "pirate", "ü", "x."]
)
def test_names_that_may_not_become_folders(root: Path, name: str) -> None:
    with pytest.raises(WorkbenchError):
        save_version(root, name, {"a.jsonl": CONTENT}, TYPED)
    assert not (root / "data").exists()


def test_a_full_disk_leaves_no_version(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save_version(root, "mine", {"a.jsonl": CONTENT}, TYPED)

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        save_version(root, "mine", {"a.jsonl": CONTENT * 2}, TYPED)
    assert contents(root, "mine") == [CONTENT]
    assert [path.name for path in (root / "data" / "mine").iterdir()] == ["v1"]


KILLED = """
import sys
from pathlib import Path
from workbench.data.sets.versions import Made, save_version
root = Path(sys.argv[1])
print("ready", flush=True)
while True:
    save_version(root, "mine", {f"{n}.jsonl": b'{"text": "Ahoy"}\\n' * 999 for n in range(5)}, Made("typed"))
"""


def test_a_kill_leaves_no_half_version(root: Path) -> None:
    for milliseconds in (20, 35, 50):
        writer = subprocess.Popen([sys.executable, "-c", KILLED, str(root)], stdout=subprocess.PIPE)
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"ready\n"
        with pytest.raises(subprocess.TimeoutExpired):
            writer.wait(milliseconds / 1000)
        writer.send_signal(signal.SIGKILL)
        writer.communicate()
    whole = [[path.stat().st_size for path in version.files] for version in versions(root, "mine")]
    assert whole
    assert all(sizes == [17 * 999] * 5 for sizes in whole)
    assert [version.made for version in versions(root, "mine")] == [TYPED] * len(whole)


def test_what_a_kill_left_behind_is_swept_later_not_at_once(root: Path) -> None:
    save_version(root, "mine", {"a.jsonl": CONTENT}, TYPED)
    for name, age_seconds in ((".staging-old", 2 * 24 * 3600), (".staging-new", 60)):
        left = root / "data" / "mine" / name
        left.mkdir()
        os.utime(left, (time.time() - age_seconds,) * 2)
    save_version(root, "mine", {"a.jsonl": CONTENT}, TYPED)
    assert sorted(path.name for path in (root / "data" / "mine").iterdir()) == [".staging-new", "v1", "v2"]


def test_of_many_writers_at_once_each_gets_a_version(root: Path) -> None:
    def save(count: int) -> int:
        return save_version(root, "mine", {"a.jsonl": CONTENT * count}, TYPED).number

    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(save, range(1, 25)))
    assert sorted(numbers) == list(range(1, 25))
    assert sorted(map(len, contents(root, "mine"))) == [len(CONTENT) * count for count in range(1, 25)]


def test_an_old_version_comes_back_as_a_new_one_without_a_second_copy(root: Path) -> None:
    first = save_version(root, "mine", {"a.jsonl": CONTENT}, TYPED, '{"part": 0, "line": 1, "excluded": true}\n')
    save_version(root, "mine", {"a.jsonl": CONTENT * 2}, TYPED)
    restored = restore(root, "mine", 1)
    assert (restored.reference, restored.made) == ("mine@3", Made("restored", "mine@1"))
    assert restored.files[0].samefile(first.files[0])
    assert restored.changes is not None and first.changes is not None
    assert restored.changes.read_text() == first.changes.read_text()
    with pytest.raises(DataError, match="has no version 9"):
        restore(root, "mine", 9)


def test_where_files_cannot_have_second_names_they_are_copied(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save_version(root, "mine", {"a.jsonl": CONTENT}, TYPED)

    def refuse(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    restore(root, "mine", 1)
    assert contents(root, "mine") == [CONTENT, CONTENT]


def test_a_deleted_set_comes_back_with_all_its_versions(root: Path) -> None:
    for count in (1, 2):
        save_version(root, "mine", {"a.jsonl": CONTENT * count}, TYPED)
    delete(root, "mine")
    assert versions(root, "mine") == []
    undelete(root, "mine")
    assert contents(root, "mine") == [CONTENT, CONTENT * 2]


def test_undo_brings_back_what_was_deleted_last_and_overwrites_nothing(root: Path) -> None:
    for count in (1, 2):
        save_version(root, "mine", {"a.jsonl": CONTENT * count}, TYPED)
        delete(root, "mine")
    save_version(root, "mine", {"a.jsonl": CONTENT * 3}, TYPED)
    with pytest.raises(DataError, match="There is a new set"):
        undelete(root, "mine")
    assert contents(root, "mine") == [CONTENT * 3]
    delete(root, "mine")
    undelete(root, "mine")
    assert contents(root, "mine") == [CONTENT * 3]


def test_what_was_deleted_long_ago_is_gone_at_the_next_deletion(root: Path) -> None:
    save_version(root, "old", {"a.jsonl": CONTENT}, TYPED)
    save_version(root, "new", {"a.jsonl": CONTENT}, TYPED)
    delete(root, "old")
    (place,) = (root / "data" / ".trash").iterdir()
    place.rename(place.with_name(str(time.time_ns() - 8 * 24 * 3600 * 10**9)))
    delete(root, "new")
    with pytest.raises(DataError, match="cannot be brought back"):
        undelete(root, "old")
    undelete(root, "new")


@pytest.mark.parametrize("name", ["pirate", "nothing", "..", "../data", "", ".trash"])
def test_only_a_set_of_ones_own_can_be_deleted(root: Path, own_samples: Path, name: str) -> None:
    with pytest.raises(WorkbenchError):
        delete(root, name)
    assert (own_samples / "pirate.jsonl").exists()
