"""An export as a zip file: all of the folder, below one folder of its name."""

import zipfile
from pathlib import Path

import pytest

from workbench.export.placing import flush, is_zip, pack


def test_a_zip_file_holds_what_the_folder_holds(tmp_path: Path) -> None:
    folder = tmp_path / "made"
    (folder / "inner").mkdir(parents=True)
    (folder / "README.md").write_text("a" * 10_000, encoding="utf-8")
    (folder / "inner" / "model.safetensors").write_bytes(bytes(10_000))
    pack(folder, tmp_path / "packed", "mine")
    flush(tmp_path / "packed")
    with zipfile.ZipFile(tmp_path / "packed") as archive:
        assert archive.testzip() is None
        sizes = {member.filename: (member.file_size, member.compress_size) for member in archive.infolist()}
        assert archive.read("mine/README.md") == b"a" * 10_000
    assert sizes["mine/inner/model.safetensors"] == (10_000, 10_000), "weights do not shrink, and are only stored"
    assert sizes["mine/README.md"][1] < 1000


@pytest.mark.parametrize(("name", "wanted"), [("a.zip", True), ("a.ZIP", True), ("a", False), ("zip", False)])
def test_the_name_says_which_it_is(name: str, wanted: bool) -> None:
    assert is_zip(Path(name)) == wanted
