"""Folders and zip files: which files count as data, and that nothing leaves the staging folder or stays in it."""

from pathlib import Path

import pytest

from tests.data.files import written
from tests.data.packed import archive, lying
from workbench.data.reading.bundle import is_bundle, open_bundle
from workbench.errors import DataError

FILES: dict[str, str | bytes] = {"b/two.csv": "a,b\n", "one.jsonl": "{}\n", "b/c/three.MD": "x", "photo.png": "x"}


def test_the_files_of_a_zip_are_unpacked_in_order(tmp_path: Path) -> None:
    path = written(tmp_path, "a.zip", archive(FILES))
    bundle = open_bundle(path, tmp_path / "staging")
    names = ["b/c/three.MD", "b/two.csv", "one.jsonl"]
    assert [file.relative_to(tmp_path / "staging").as_posix() for file in bundle.files] == names
    assert [file.read_text() for file in bundle.files] == ["x", "a,b\n", "{}\n"]
    assert [note.sentence for note in bundle.notes] == ["Of “a.zip”, “photo.png” was not read as data."]


def test_the_files_of_a_folder_stay_where_they_lie(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    for name, content in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(str(content))
    (folder / ".hidden.csv").write_text("x")
    (folder / "link.csv").symlink_to(tmp_path / "elsewhere.csv")
    (tmp_path / "elsewhere.csv").write_text("secret")
    (folder / "loop").symlink_to(folder)
    bundle = open_bundle(folder, tmp_path / "staging")
    names = ["b/c/three.MD", "b/two.csv", "one.jsonl"]
    assert [file.relative_to(folder).as_posix() for file in bundle.files] == names
    assert bundle.notes[0].sentence == "Of “mine”, “link.csv”, “photo.png” were not read as data."
    assert not (tmp_path / "staging").exists()


@pytest.mark.parametrize(
    "content",
    [
        lying({"a.csv": "x" * 5000, "b.csv": "y"}, 7),
        archive({"good.csv": "a,b\n", "../bad.csv": "a,b\n"}),
        archive({"good.csv": "a,b\n", "bomb.csv": b"\0" * 3_000_000}),
        archive({"good.csv": "a,b\n"})[:-9],
    ],
    ids=["lying", "dots", "bomb", "cut off"],
)
def test_what_is_refused_leaves_nothing_behind(tmp_path: Path, content: bytes) -> None:
    path = written(tmp_path, "a.zip", content)
    with pytest.raises(DataError):
        open_bundle(path, tmp_path / "deep" / "staging")
    assert sorted(file.name for file in tmp_path.rglob("*") if file.is_file()) == ["a.zip"]
    assert not (tmp_path / "deep" / "staging").exists()


def test_a_list_of_a_million_files_is_not_even_loaded(tmp_path: Path) -> None:
    end = b"PK\x05\x06" + b"\0\0\0\0" + b"\xff\xff\xff\xff" + (50_000_000).to_bytes(4, "little") + b"\0" * 6
    with pytest.raises(DataError, match="holds more than 1,000 files"):
        open_bundle(written(tmp_path, "a.zip", b"PK\x03\x04" + end), tmp_path / "staging")


def test_what_a_bundle_is(tmp_path: Path) -> None:
    assert is_bundle(tmp_path) and is_bundle(Path("a.ZIP"))
    assert not is_bundle(Path("a.csv"))
    with pytest.raises(DataError, match="There is no file"):
        open_bundle(tmp_path / "gone.zip", tmp_path / "staging")
    with pytest.raises(DataError, match="holds no file that can be read as data"):
        open_bundle(tmp_path, tmp_path / "staging")
