"""Datasets by name: samples, versions of one's own, files."""

from pathlib import Path

import pytest

from workbench.data.sets import sources
from workbench.data.sets.sources import find, list_datasets, save_version
from workbench.errors import DataError, WorkbenchError

CONTENT = b'{"question": "a", "answer": "b"}\n'


@pytest.fixture(autouse=True)
def samples(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "samples"
    folder.mkdir()
    for name in ("pirate.jsonl", "haiku.csv", "pirate-heldout.jsonl", "README.md", "picture.png"):
        (folder / name).write_bytes(CONTENT)
    monkeypatch.setattr(sources, "SAMPLES", folder)
    return folder


def test_only_training_data_counts_as_a_sample(root: Path) -> None:
    found = list_datasets(root)
    assert [(dataset.name, dataset.is_sample) for dataset in found] == [("haiku", True), ("pirate", True)]


def test_each_save_is_a_new_version_and_the_latest_is_found(root: Path) -> None:
    paths = [save_version(root, "mine", CONTENT * count, ".jsonl") for count in (1, 2, 3)]
    paths += [save_version(root, "mine", b"question,answer\n", ".csv")]
    names = ["v1/original.jsonl", "v2/original.jsonl", "v3/original.jsonl", "v4/original.csv"]
    assert [path.relative_to(root / "data" / "mine").as_posix() for path in paths] == names
    assert paths[0].read_bytes() == CONTENT
    assert find("mine", root) == paths[-1]
    own = [dataset for dataset in list_datasets(root) if not dataset.is_sample]
    assert [(dataset.name, dataset.version) for dataset in own] == [("mine", 4)]


def test_versions_are_ordered_as_numbers(root: Path) -> None:
    paths = [save_version(root, "mine", CONTENT, ".jsonl") for _ in range(11)]
    assert find("mine", root) == paths[-1]


def test_a_version_that_was_never_finished_is_passed_over(root: Path) -> None:
    path = save_version(root, "mine", CONTENT, ".jsonl")
    (root / "data" / "mine" / "v2").mkdir()
    (root / "data" / "mine" / "v2" / ".original.jsonl.99").write_bytes(b"half")
    assert find("mine", root) == path
    assert save_version(root, "mine", CONTENT, ".jsonl").parent.name == "v3"


@pytest.mark.parametrize(
    "name", ["", ".", "..", "../x", "a/b", ".hidden", "a" * 65, "a b", "a\0b", "a\n", "pirate", "ü"]
)
def test_names_that_may_not_become_folders(root: Path, name: str) -> None:
    with pytest.raises(WorkbenchError):
        save_version(root, name, CONTENT, ".jsonl")
    assert not (root / "data").exists()


def test_a_suffix_that_cannot_be_read_is_refused(root: Path) -> None:
    with pytest.raises(DataError, match=r"\.exe"):
        save_version(root, "mine", CONTENT, ".exe")


def test_find_takes_a_sample_a_file_or_names_what_is_near(root: Path, samples: Path) -> None:
    assert find("pirate", root) == samples / "pirate.jsonl"
    assert find(str(samples / "haiku.csv"), root) == samples / "haiku.csv"
    with pytest.raises(DataError) as refused:
        find("pirat", root)
    assert refused.value.hint == "Did you mean pirate?"


@pytest.mark.parametrize("name", ["", "x" * 5000, "~nobody-at-all/x", "a\0b", "http://example.org/a.json", "/"])
def test_find_refuses_what_is_no_file(root: Path, name: str) -> None:
    with pytest.raises(DataError, match="There is no dataset and no file"):
        find(name, root)
