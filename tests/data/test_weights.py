"""How often each file is seen."""

from pathlib import Path

import pytest

from tests.data.conftest import CONTENT
from workbench.data.sets.changes import Change
from workbench.data.sets.edits import save_changes
from workbench.data.sets.sources import find
from workbench.data.sets.versions import Made, save_version
from workbench.data.sets.weights import Part, parse, parts
from workbench.errors import SettingError

pytestmark = pytest.mark.usefixtures("own_samples")


@pytest.fixture
def both(root: Path) -> Path:
    """A workspace with a set of two files, and one of one."""
    save_version(root, "both", {"shop.jsonl": CONTENT, "haiku.csv": CONTENT}, Made("uploaded"))
    save_version(root, "extra", {"one.jsonl": CONTENT}, Made("typed"))
    return root


def weighed(found: list[Part]) -> list[tuple[str, str, float]]:
    return [(part.reference, part.name, part.weight) for part in found]


@pytest.mark.parametrize(
    ("text", "weights"),
    [
        ("", {}),
        (" , ", {}),
        ("shop: 2, haiku: 0.5", {"shop": 2.0, "haiku": 0.5}),
        ("shop.jsonl:100,", {"shop.jsonl": 100.0}),
    ],
)
def test_weights_as_they_are_written(text: str, weights: dict[str, float]) -> None:
    assert parse(text) == weights


@pytest.mark.parametrize(
    ("text", "item"),
    [
        ("shop", "“shop”"),
        ("shop: 2, haiku", "“haiku”"),
        ("shop: 0,5", "“shop: 0”"),
        ("shop: 1,5", "“5”"),
        (": 2", "“: 2”"),
        ("shop: two", "“shop: two”"),
        ("shop: 0", "“shop: 0”"),
        ("shop: -1", "“shop: -1”"),
        ("shop: nan", "“shop: nan”"),
        ("shop: inf", "“shop: inf”"),
        ("shop: 101", "“shop: 101”"),
        ("shop: 1, shop: 2", "“shop”"),
    ],
)
def test_nonsense_is_refused_by_its_item(text: str, item: str) -> None:
    with pytest.raises(SettingError) as refused:
        parse(text)
    assert refused.value.setting == "data.weights"
    assert item in refused.value.message


def test_files_keep_their_order_and_what_is_not_named_counts_once(both: Path) -> None:
    found = parts(find("both", both), {"shop": 2.0}, both)
    assert weighed(found) == [("both@1", "haiku.csv", 1.0), ("both@1", "shop.jsonl", 2.0)]
    assert [part.place for part in found] == [0, 1]


def test_a_files_own_weight_goes_before_that_of_its_set(both: Path) -> None:
    found = parts(find("both", both), {"both": 3.0, "shop.jsonl": 2.0}, both)
    assert weighed(found) == [("both@1", "haiku.csv", 3.0), ("both@1", "shop.jsonl", 2.0)]


def test_a_set_that_only_the_weights_name_is_mixed_in_with_its_own_changes(both: Path) -> None:
    edited = save_changes(both, "extra", [Change(0, 1, excluded=True)])
    found = parts(find("both", both), {"extra": 0.5, "pirate": 4.0}, both)
    assert weighed(found)[2:] == [("extra@2", "one.jsonl", 0.5), ("pirate", "pirate.jsonl", 4.0)]
    assert [part.place for part in found] == [0, 1, 0, 0]
    assert [part.changes for part in found] == [None, None, edited.changes, None]


@pytest.mark.parametrize("name", ["shp", "/etc/passwd", "../both", "x" * 500])
def test_a_name_that_nothing_has_is_refused_and_a_path_is_none(both: Path, name: str) -> None:
    with pytest.raises(SettingError) as refused:
        parts(find("both", both), {name: 2.0}, both)
    assert name in refused.value.message
    assert "Did you mean" in refused.value.hint


def test_a_near_name_is_named(both: Path) -> None:
    with pytest.raises(SettingError, match=r"Did you mean shop\?"):
        parts(find("both", both), {"shp": 2.0}, both)


def test_files_of_the_same_name_in_a_folder_are_weighed_apart_or_together(tmp_path: Path, root: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / "texts" / folder).mkdir(parents=True)
        (tmp_path / "texts" / folder / "log.txt").write_text("Hello.")
    found = find(str(tmp_path / "texts"), root)
    assert [(part.name, part.weight) for part in parts(found, {"b/log.txt": 2.0}, root)] == [
        ("a/log.txt", 1.0),
        ("b/log.txt", 2.0),
    ]
    assert [part.weight for part in parts(found, {"log": 3.0}, root)] == [3.0, 3.0]
