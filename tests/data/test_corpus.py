"""Every odd or malformed file has its outcome: rows, rows and reasons, or a refusal; never a crash, never silence."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.data.corpus import TABLE, TEXT_CASES, TWO, Case
from tests.data.corpus_packed import BOOK, GOOD, PACKED_CASES
from tests.data.files import read, written
from tests.data.packed import archive
from workbench.data.reading.bundle import is_bundle, open_bundle
from workbench.data.reading.read import read_items
from workbench.data.reading.records import Note, ReadingOptions, Record, Rejected
from workbench.errors import DataError

CASES = [*TEXT_CASES, *PACKED_CASES]
VALID = {
    "a.jsonl": TWO.encode(),
    "a.json": f"[{TWO.strip().replace(chr(10), ',')}]".encode(),
    "a.csv": TABLE.encode(),
    "a.txt": b"Once upon a time.\n\nThe end.\n",
    "a.xlsx": BOOK,
    "a.zip": archive({"a.jsonl": TWO, "b.csv": TABLE}),
    "a.parquet": GOOD,
}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_each_file_has_its_outcome(tmp_path: Path, case: Case) -> None:
    path = written(tmp_path, case.name, case.content)
    if case.refused or not case.accepted:
        with pytest.raises(DataError) as refused:
            _read_all(path, case)
        assert case.refused in refused.value.message
        assert refused.value.hint.endswith((".", ")"))
        assert not (tmp_path / "staging").exists() or not is_bundle(path)
        return
    accepted, rejected = _read_all(path, case)
    assert (accepted, [row.line for row in rejected]) == (case.accepted, [line for line, _ in case.rejected])
    for row, (_, fragment) in zip(rejected, case.rejected, strict=True):
        assert fragment in row.reason
        assert len(row.excerpt) <= 120 and not set("\n\0") & set(row.excerpt.encode().decode())


def test_the_corpus_is_large_and_its_names_differ() -> None:
    assert len(CASES) >= 120
    assert len({case.name for case in CASES}) == len(CASES)


@pytest.mark.parametrize("name", VALID)
def test_no_damage_does_more_than_reject_or_refuse(tmp_path: Path, name: str) -> None:
    chance = random.Random(name)
    for number in range(60):
        path = written(tmp_path, name, _damaged(VALID[name], chance))
        for item in _items(path, tmp_path / f"staging{number}"):
            assert isinstance(item, Record | Rejected | Note)


def _read_all(path: Path, case: Case) -> tuple[int, list[Rejected]]:
    files = open_bundle(path, path.parent / "staging").files if is_bundle(path) else [path]
    readings = [read(file, **case.options) for file in files]
    accepted = sum(len(reading.examples) for reading in readings)
    return accepted, [row for reading in readings for row in reading.rejected]


def _items(path: Path, staging: Path) -> Iterator[object]:
    try:
        files = open_bundle(path, staging).files if is_bundle(path) else [path]
        for file in files:
            yield from read_items(file, ReadingOptions())
    except DataError:
        return


def _damaged(content: bytes, chance: random.Random) -> bytes:
    """Some bytes changed, dropped or doubled, or the end cut off."""
    damaged = bytearray(content)
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(len(damaged))
        what = chance.random()
        if what < 0.6:
            damaged[place] = chance.randrange(256)
        elif what < 0.8:
            del damaged[place + 1 : place + chance.randint(2, 9)]
        elif what < 0.95:
            damaged[place:place] = damaged[place : place + 8]
        else:
            del damaged[max(1, place) :]
    return bytes(damaged)
