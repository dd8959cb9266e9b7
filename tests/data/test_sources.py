"""Datasets by name or path: samples, sets of one's own, files, folders."""

from pathlib import Path

import pytest

from tests.data.conftest import CONTENT
from workbench.data.sets import sources
from workbench.data.sets.sources import find, find_set, list_datasets
from workbench.data.sets.versions import Made, save_version
from workbench.errors import DataError

pytestmark = pytest.mark.usefixtures("own_samples")

TYPED = Made("typed")


def test_samples_come_first_and_only_training_data_counts(root: Path) -> None:
    save_version(root, "a-set", {"a.jsonl": CONTENT}, TYPED)
    save_version(root, "a-set", {"a.jsonl": CONTENT}, TYPED)
    found = list_datasets(root)
    assert [(dataset.name, dataset.is_sample, dataset.version) for dataset in found] == [
        ("haiku", True, 0),
        ("pirate", True, 0),
        ("a-set", False, 2),
    ]
    assert found[2].versions == (1, 2)
    assert [path.name for path in found[2].files] == ["a.jsonl"]


def test_hidden_folders_links_and_sets_without_versions_are_no_sets(root: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere" / "v1" / "original"
    elsewhere.mkdir(parents=True)
    (elsewhere / "a.jsonl").write_bytes(CONTENT)
    for folder in (".hidden/v1/original", "empty/v1", "not a name/v1/original"):
        (root / "data" / folder).mkdir(parents=True)
        (root / "data" / folder / "a.jsonl").write_bytes(CONTENT)
    (root / "data" / "linked").symlink_to(tmp_path / "elsewhere")
    assert [dataset.name for dataset in list_datasets(root) if not dataset.is_sample] == []
    assert find_set("linked", root) is None


def test_a_set_is_found_in_its_latest_or_a_named_version(root: Path) -> None:
    saved = [save_version(root, "mine", {"a.jsonl": CONTENT * count}, TYPED) for count in (1, 2, 3)]
    assert (find("mine", root).files, find("mine", root).reference) == (saved[2].files, "mine@3")
    assert find("mine@2", root).files == find("mine@v2", root).files == saved[1].files
    with pytest.raises(DataError, match="“mine” has no version 9"):
        find("mine@9", root)


def test_versions_are_ordered_as_numbers(root: Path) -> None:
    for count in range(1, 12):
        save_version(root, "mine", {"a.jsonl": CONTENT * count}, TYPED)
    assert find("mine", root).reference == "mine@11"
    assert find("mine", root).files[0].read_bytes() == CONTENT * 11


def test_a_set_of_an_earlier_workbench_is_found(root: Path) -> None:
    for number, suffix in ((1, "csv"), (2, "jsonl")):
        folder = root / "data" / "old" / f"v{number}"
        folder.mkdir(parents=True)
        (folder / f"original.{suffix}").write_bytes(CONTENT)
    assert [path.name for path in find("old", root).files] == ["original.jsonl"]
    assert [path.name for path in find("old@1", root).files] == ["original.csv"]
    assert save_version(root, "old", {"a.jsonl": CONTENT}, TYPED).reference == "old@3"


def test_a_sample_or_a_file_is_found_or_what_is_near_is_named(root: Path, own_samples: Path) -> None:
    assert find("pirate", root).files == (own_samples / "pirate.jsonl",)
    by_path = find(str(own_samples / "haiku.csv"), root)
    assert (by_path.files, by_path.reference) == ((own_samples / "haiku.csv",), str(own_samples / "haiku.csv"))
    with pytest.raises(DataError) as refused:
        find("pirat", root)
    assert refused.value.hint == "Did you mean pirate?"


def test_a_reference_finds_the_same_from_another_folder(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "x.jsonl").write_bytes(CONTENT)
    save_version(root, "mine", {"a.jsonl": CONTENT}, TYPED)
    monkeypatch.chdir(tmp_path)
    found = [find(name, root) for name in ("here/x.jsonl", "here", "mine", "pirate")]
    monkeypatch.chdir(root)
    assert [find(each.reference, root).files for each in found] == [each.files for each in found]


def test_a_folder_gives_all_that_can_be_read_and_names_the_rest(root: Path, tmp_path: Path) -> None:
    folder = tmp_path / "texts"
    for name in ("b.txt", "a.md", "deep/er/c.TXT", "photo.png", ".hidden.txt", ".git/d.txt"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("Ahoy")
    (folder / "link.txt").symlink_to(folder / "b.txt")
    found = find(str(folder), root)
    assert [path.relative_to(folder).as_posix() for path in found.files] == ["a.md", "b.txt", "deep/er/c.TXT"]
    assert found.passed_over == ("photo.png",)
    assert found.name == "texts"


def test_a_zip_is_one_file(root: Path, tmp_path: Path) -> None:
    (tmp_path / "all.zip").write_bytes(b"PK")
    assert find(str(tmp_path / "all.zip"), root).files == (tmp_path / "all.zip",)


def test_a_folder_without_data_is_refused(root: Path, tmp_path: Path) -> None:
    (tmp_path / "pictures").mkdir()
    (tmp_path / "pictures" / "photo.png").write_bytes(b"x")
    with pytest.raises(DataError, match="holds no file that can be read as data"):
        find(str(tmp_path / "pictures"), root)


@pytest.mark.parametrize("limit", ["_MAX_FILES", "_MAX_ENTRIES"])
def test_a_folder_of_everything_is_refused_in_time(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    monkeypatch.setattr(sources, limit, 3)
    folder = tmp_path / "all"
    for number in range(4):
        (folder / str(number)).mkdir(parents=True)
        (folder / str(number) / "a.txt").write_text("Ahoy")
    with pytest.raises(DataError, match=r"holds more than [\d,]+ files"):
        find(str(folder), root)


@pytest.mark.parametrize("name", ["", "x" * 5000, "~nobody-at-all/x", "a\0b", "http://example.org/a.json", "@2", "x@1"])
def test_what_is_neither_set_nor_file_is_refused(root: Path, name: str) -> None:
    with pytest.raises(DataError, match="There is no dataset and no file"):
        find(name, root)


@pytest.mark.parametrize("name", ["pirate.jsonl", "../samples/pirate.jsonl", "/etc/passwd", "", "..", "."])
def test_a_set_is_found_by_no_path(root: Path, own_samples: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.chdir(own_samples)
    assert find_set(name, root) is None


def test_an_id_of_the_hub_is_told_how_to_get_it(root: Path) -> None:
    with pytest.raises(DataError, match=r"“org/set”\. If it is a set of the hub, .* fetch data org/set$"):
        find("org/set", root)
