"""Files into examples on disk, each row accepted, or left out with its reason."""

import itertools
import json
import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from workbench.data.examples import Example
from workbench.data.examples_file import ExamplesWriter
from workbench.data.meaning.flags import flags_of
from workbench.data.meaning.interpret import interpret, nothing_usable
from workbench.data.preparing.requests import FileToRead, ReadRequest
from workbench.data.preparing.results import EXAMPLES, REJECTED, UNPACKED, finish, rejected_row, sha256_of
from workbench.data.reading.bundle import is_bundle, open_bundle
from workbench.data.reading.read import read_items
from workbench.data.reading.records import Note, Rejected
from workbench.data.reading.xlsx_rows import XlsxRows, sheet_names
from workbench.data.sets.changes import Changes, Excluded, load
from workbench.errors import RunError

_MOST_NOTES = 50
_MOST_EXCLUDED = 1000


@dataclass
class _File:
    """What was made of one file so far. `origin` counts the files asked for, of which an archive holds several.

    `reference` and `place` say where edits know it: in which set, and as which of its files.
    """

    name: str
    origin: int
    reference: str
    place: int
    held_out: bool
    sha256: str
    format: str = ""
    mapping: dict[str, str] = field(default_factory=dict)
    columns: tuple[str, ...] = ()
    unsure: str = ""
    sheets: list[str] = field(default_factory=list)
    accepted: int = 0
    rejected: int = 0
    excluded: int = 0


def take_in(request: ReadRequest, folder: Path, on_row: Callable[[int], None]) -> None:
    """Read all files into `folder`.

    Raises DataError if one cannot be read, or none holds an example, and RunError if one was changed meanwhile.
    """
    with ExamplesWriter(folder / EXAMPLES) as writer, (folder / REJECTED).open("w", encoding="utf-8") as rejected:
        intake = _Intake(request, folder / UNPACKED, writer, rejected, on_row)
        intake.run()
    shutil.rmtree(folder / UNPACKED, ignore_errors=True)
    intake.check()
    if request.key() != folder.name:
        raise RunError("A file was changed while it was read.", "Choose it again once it is complete.")
    finish(folder, intake.summary() | {"sha256": sha256_of(folder / EXAMPLES)})


class _Intake:
    def __init__(
        self,
        request: ReadRequest,
        unpacked: Path,
        writer: ExamplesWriter,
        rejected: TextIO,
        on_row: Callable[[int], None],
    ) -> None:
        self._request = request
        self._unpacked = unpacked
        self._writer = writer
        self._rejected = rejected
        self._on_row = on_row
        self._rows = 0
        self._files: list[_File] = []
        self._notes: list[str] = []
        self._reasons: Counter[str] = Counter()
        self._first_rejected: dict[bool, list[Rejected]] = {False: [], True: []}
        self._excluded: list[dict[str, Any]] = []

    def run(self) -> None:
        self._notes += [f"“{name}” cannot be read as data, and is left out." for name in self._request.passed_over]
        places = itertools.count()
        for origin, file in enumerate(self._request.files):
            changes = load(Path(file.changes) if file.changes else None)
            if file.place == 0:
                places = itertools.count()
            inside = self._paths(file, origin)
            is_alone = len(inside) == len(self._request.files) == 1
            for (name, path), place in zip(inside, places, strict=False):
                if path.stat().st_size == 0 and not is_alone:
                    self._notes.append(f"“{name}” is empty, and is left out.")
                else:
                    self._files.append(_File(name, origin, file.reference, place, file.held_out, sha256_of(path)))
                    self._take_file(path, changes)

    def check(self) -> None:
        """Raises DataError where no row was left to learn from, or none of what is kept for checking as a whole."""
        for is_held_out in (False, True):
            asked = [file for file in self._request.files if file.held_out == is_held_out]
            if asked and not any(file.accepted for file in self._files if file.held_out == is_held_out):
                raise nothing_usable(asked[0].name, self._first_rejected[is_held_out])

    def summary(self) -> dict[str, Any]:
        return {
            "files": [vars(file) for file in self._files],
            "notes": self._notes[:_MOST_NOTES],
            "excluded_rows": self._excluded[:_MOST_EXCLUDED],
            "reasons": dict(self._reasons.most_common(20)),
            **{kind: sum(getattr(file, kind) for file in self._files) for kind in ("accepted", "rejected", "excluded")},
        }

    def _paths(self, file: FileToRead, origin: int) -> list[tuple[str, Path]]:
        """The file, or those in the archive, each with what it is called."""
        path = Path(file.path)
        if not is_bundle(path):
            return [(file.name, path)]
        staging = self._unpacked / str(origin)
        bundle = open_bundle(path, staging)
        self._notes += [note.sentence for note in bundle.notes]
        return [(f"{file.name}/{inside.relative_to(staging).as_posix()}", inside) for inside in bundle.files]

    def _take_file(self, path: Path, changes: Changes) -> None:
        file = self._files[-1]
        part = len(self._files) - 1
        found = interpret(read_items(path, self._request.options), file.name, self._request.columns)
        file.format, file.mapping, file.columns, file.unsure = (
            found.layout.name,
            dict(found.mapping),
            found.columns,
            found.unsure,
        )
        if path.suffix.lower() in XlsxRows.suffixes:
            file.sheets = sheet_names(path)
        for row in changes.applied(found.rows, file.place):
            if isinstance(row, Note):
                self._notes.append(row.sentence)
            else:
                self._take_row(row, part, file)

    def _take_row(self, row: Example | Rejected | Excluded, part: int, file: _File) -> None:
        if isinstance(row, Example):
            self._writer.add(row, part, int(flags_of(row)))
            file.accepted += 1
        elif isinstance(row, Rejected):
            self._reject(row, part)
            file.rejected += 1
        else:
            self._excluded.append({"part": part, "line": row.line, "excerpt": row.excerpt})
            file.excluded += 1
        self._rows += 1
        if self._rows % 200 == 0:
            self._on_row(self._rows)

    def _reject(self, row: Rejected, part: int) -> None:
        self._rejected.write(json.dumps(rejected_row(part, row), ensure_ascii=False) + "\n")
        self._reasons[row.reason] += 1
        first = self._first_rejected[self._files[part].held_out]
        if len(first) < 3:
            first.append(row)
