"""The rows of a run, linked from what was prepared: no changed file and no emptied cache changes the run."""

import json
import os
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from workbench.config.run_config import RunConfig
from workbench.data.examples import Example
from workbench.data.examples_file import ExamplesFile
from workbench.data.preparing.results import EXAMPLES, REJECTED, TOKENS, sha256_of
from workbench.data.rendering.fit import FitSettings, FittedRows, fit
from workbench.data.split import HELD_OUT, TRAINING, Places
from workbench.data.tokens_file import TokensFile
from workbench.errors import DataError
from workbench.jobs.files import read_json, write_atomic, write_json
from workbench.runs.run_dir import RunDir
from workbench.training.plan import Plan

_FILES = (EXAMPLES, TOKENS, TRAINING, HELD_OUT)


@dataclass(frozen=True)
class Rows:
    """Tokenised examples, and those of the held-out ones that gave a row as they were written."""

    training: FittedRows
    held_out: FittedRows
    held_out_examples: list[Example]
    facts: dict[str, Any]
    """Counts and the sha256 of each file, for the run's record."""


def store(run: RunDir, plan: Plan) -> None:
    """Keep the rows in the run. The summary comes last."""
    prepared, split = plan.prepared, plan.split
    _keep(prepared.examples.path / EXAMPLES, run.data_dir / EXAMPLES)
    _keep(prepared.tokens.path / TOKENS, run.data_dir / TOKENS)
    np.save(run.data_dir / TRAINING, split.training)
    np.save(run.data_dir / HELD_OUT, split.held_out)
    _write_held_out(run, plan)
    with (run.data_dir / REJECTED).open("wb") as file:
        for result in (prepared.examples, prepared.tokens):
            file.write((result.path / REJECTED).read_bytes())
    summary = {
        "files": prepared.examples.summary["files"],
        "examples": plan.examples,
        "training": plan.training,
        "held_out": plan.held_out,
        "rejected": plan.rejected,
        "duplicates": plan.duplicates,
        "rows": len(plan.rows),
        "cut": plan.rows.cut,
        "dropped": plan.rows.dropped,
        "nothing_to_learn": plan.rows.nothing_to_learn,
        "learned_tokens": plan.rows.learned_tokens,
        "sha256": {name: sha256_of(run.data_dir / name) for name in _FILES},
    }
    write_json(_summary_path(run), summary)


def load(run: RunDir, config: RunConfig) -> Rows:
    """The run's rows, read from where they lie. Raises DataError if they are not those that the run began with."""
    summary = read_json(_summary_path(run))
    if changed := find_changed(run):
        raise DataError(f"The run's own rows have changed since it began ({changed}).", "Start a new run.")
    tokens = TokensFile(run.data_dir / TOKENS)
    training, held_out = (_places(run, name) for name in (TRAINING, HELD_OUT))
    fitting = FitSettings(int(config.data.max_length), config.data.over_long, config.data.overlap)
    examples = ExamplesFile(run.data_dir / EXAMPLES)
    return Rows(
        training=fit(tokens, training, fitting),
        held_out=fit(tokens, held_out, fitting),
        held_out_examples=[examples[place] for place in _written(held_out, tokens)],
        facts=summary,
    )


def find_changed(run: RunDir) -> str | None:
    """The first of the run's files of rows that is not as it was kept."""
    kept: dict[str, str] = read_json(_summary_path(run)).get("sha256", {})
    for name, sha256 in kept.items():
        path = run.data_dir / name
        if not path.is_file() or sha256_of(path) != sha256:
            return name
    return None


def _write_held_out(run: RunDir, plan: Plan) -> None:
    """The held-out examples that gave a row, for people and for Chat's suggestions."""
    places = _written(plan.split.held_out, plan.prepared.tokens.tokens)
    examples = (plan.prepared.examples.examples[place] for place in places)
    lines = (json.dumps(asdict(example), ensure_ascii=False) + "\n" for example in examples)
    write_atomic(run.data_dir / "held_out.jsonl", "".join(lines))


def _written(places: Places, tokens: TokensFile) -> list[int]:
    return [int(place) for place in places[np.isin(places, tokens.examples)]]


def _keep(source: Path, target: Path) -> None:
    """The same file under another name where the disk can do that; results are never written to again."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def _places(run: RunDir, name: str) -> Places:
    places: Places = np.load(run.data_dir / name, allow_pickle=False)
    return places


def _summary_path(run: RunDir) -> Path:
    return run.data_dir / "summary.json"
