"""The rows of a run: read and split once, kept in the run's folder, tokenised by whoever trains."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.config.run_config import RunConfig
from workbench.data import sources
from workbench.data.examples import Example, Message
from workbench.data.reading import read
from workbench.data.render import render_all
from workbench.data.rows import Row
from workbench.data.split import hold_out
from workbench.errors import DataError
from workbench.jobs.files import read_json, write_atomic, write_json
from workbench.runs.run_dir import RunDir

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase


@dataclass(frozen=True)
class Rows:
    """Tokenised examples, and the held-out ones as they were written."""

    training: tuple[Row, ...]
    held_out: tuple[Row, ...]
    held_out_examples: list[Example]
    facts: dict[str, Any]
    """Counts and the sha256 of the file, for the run's record."""


def prepare(run: RunDir, config: RunConfig, tokenizer: "PreTrainedTokenizerBase") -> Rows:
    """The run's rows, from its own folder if it has them already.

    Raises DataError if nothing can be learned from them.
    """
    if not _summary_path(run).exists():
        _store(run, config)
    training, held_out = (_load(run.data_dir / name) for name in _FILES)
    rows, checked = (render_all(examples, tokenizer, int(config.data.max_length)) for examples in (training, held_out))
    if not rows.rows:
        raise DataError("None of the examples has anything to learn.", "Make max_length larger, or check the answers.")
    counts = {
        "rows": len(rows.rows),
        "cut": sum(row.cut for row in rows.rows),
        "nothing_to_learn": len(rows.rejected),
        "learned_tokens": sum(row.learned_tokens for row in rows.rows),
    }
    return Rows(rows.rows, checked.rows, held_out, read_json(_summary_path(run)) | counts)


_FILES = ("train.jsonl", "held_out.jsonl")


def _store(run: RunDir, config: RunConfig) -> None:
    """Copy the rows into the run: what happens to the file later must not change the run. The summary comes last."""
    reading = read(sources.find(config.data.path, run.root))
    split = hold_out(reading.examples, config.data.eval_share, config.training.seed)
    for name, examples in zip(_FILES, (split.training, split.held_out), strict=True):
        _write_rows(run.data_dir / name, (asdict(example) for example in examples))
    _write_rows(run.data_dir / "rejected.jsonl", (asdict(rejected) for rejected in reading.rejected))
    summary = {
        "file": reading.path.name,
        "sha256": reading.sha256,
        "format": reading.format,
        "examples": len(reading.examples),
        "training": len(split.training),
        "held_out": len(split.held_out),
        "rejected": len(reading.rejected),
        "duplicates": split.duplicates_dropped,
    }
    write_json(_summary_path(run), summary)


def _summary_path(run: RunDir) -> Path:
    return run.data_dir / "summary.json"


def _write_rows(path: Path, rows: Iterable[dict[str, Any]]) -> None:
    write_atomic(path, "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))


def _load(path: Path) -> list[Example]:
    with path.open(encoding="utf-8") as file:
        return [_example(json.loads(line)) for line in file]


def _example(row: dict[str, Any]) -> Example:
    return Example(**row | {"messages": tuple(Message(**turn) for turn in row["messages"])})
