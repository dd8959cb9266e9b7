"""The rows of a run: read and split once, kept in the run's folder, tokenised by whoever trains."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.config.run_config import RunConfig
from workbench.data.examples import Example, Message
from workbench.data.reading.read import Reading
from workbench.data.reading.records import Rejected
from workbench.data.rendering.render import render_all
from workbench.data.rendering.rows import Row
from workbench.data.split import Split
from workbench.errors import DataError
from workbench.jobs.files import read_json, read_lines, write_atomic, write_json
from workbench.runs.run_dir import RunDir

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase


@dataclass(frozen=True)
class Rows:
    """Tokenised examples, and those of the held-out ones as they were written."""

    training: tuple[Row, ...]
    held_out: tuple[Row, ...]
    held_out_examples: list[Example]
    facts: dict[str, Any]
    """Counts and the sha256 of the file, for the run's record."""


def store(run: RunDir, reading: Reading, split: Split) -> None:
    """Copy the rows into the run: what happens to the file later must not change the run. The summary comes last."""
    for name, examples in zip(_FILES, (split.training, split.held_out), strict=True):
        _write_rows(run.data_dir / name, (asdict(example) for example in examples))
    _write_rows(run.data_dir / _REJECTED, (asdict(rejected) for rejected in reading.rejected))
    summary = {
        "file": reading.path.name,
        "sha256": reading.sha256,
        "format": reading.format,
        "examples": len(reading.examples),
        "training": len(split.training),
        "held_out": len(split.held_out),
        "rejected": len(reading.rejected),
        "duplicates": split.duplicates_dropped,
        "files": {name: _sha256(run.data_dir / name) for name in _FILES},
    }
    write_json(_summary_path(run), summary)


def prepare(run: RunDir, config: RunConfig, tokenizer: "PreTrainedTokenizerBase") -> Rows:
    """The run's rows as tokens.

    Raises DataError if nothing can be learned from them, or they are no longer those that the run began with.
    """
    _check_unchanged(run)
    training, held_out = (_load(run.data_dir / name) for name in _FILES)
    rows, checked = (render_all(examples, tokenizer, int(config.data.max_length)) for examples in (training, held_out))
    left_out = (*rows.rejected, *checked.rejected)
    _note_left_out(run.data_dir / _REJECTED, left_out)
    if not rows.rows:
        raise _nothing_to_learn(rows.rejected[0])
    refused = {rejected.line for rejected in checked.rejected}
    written = [example for example in held_out if example.line not in refused]
    facts = read_json(_summary_path(run)) | _counts(rows.rows) | {"nothing_to_learn": len(left_out)}
    return Rows(rows.rows, checked.rows, written, facts)


_FILES = ("train.jsonl", "held_out.jsonl")
_REJECTED = "rejected.jsonl"


def _check_unchanged(run: RunDir) -> None:
    for name, sha256 in read_json(_summary_path(run))["files"].items():
        path = run.data_dir / name
        if not path.is_file() or _sha256(path) != sha256:
            raise DataError(f"The run's own rows have changed since it began ({name}).", "Start a new run.")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _note_left_out(path: Path, left_out: Iterable[Rejected]) -> None:
    """A resumed run leaves the same examples out again: what is noted already is not noted twice."""
    noted = [Rejected(**row) for row in read_lines(path)[0]]
    _write_rows(path, (asdict(rejected) for rejected in dict.fromkeys((*noted, *left_out))))


def _counts(rows: tuple[Row, ...]) -> dict[str, int]:
    return {
        "rows": len(rows),
        "cut": sum(row.cut for row in rows),
        "learned_tokens": sum(row.learned_tokens for row in rows),
    }


def _nothing_to_learn(first: Rejected) -> DataError:
    message = f"None of the examples can be learned from (row {first.line}: {first.reason})."
    return DataError(message, "Make max_length larger, or check the answers.")


def _summary_path(run: RunDir) -> Path:
    return run.data_dir / "summary.json"


def _write_rows(path: Path, rows: Iterable[dict[str, Any]]) -> None:
    write_atomic(path, "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))


def _load(path: Path) -> list[Example]:
    with path.open(encoding="utf-8") as file:
        return [_example(json.loads(line)) for line in file]


def _example(row: dict[str, Any]) -> Example:
    return Example(**row | {"messages": tuple(Message(**turn) for turn in row["messages"])})
