"""Which examples an evaluation asks: of the run's own, or of another set, as the run would have read it."""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

import numpy as np

from workbench.chat.protocol import Turn
from workbench.chat.scores.folder import Evaluation
from workbench.chat.scores.request import Part
from workbench.config.data import DataSettings
from workbench.data.examples import Example
from workbench.data.examples_file import ExamplesFile
from workbench.data.preparing.prepare import Preparation
from workbench.data.preparing.results import EXAMPLES, TOKENS
from workbench.data.preparing.steps import Waiting
from workbench.data.rendering.fit import FitSettings, fit
from workbench.data.rendering.rows import Row
from workbench.data.split import HELD_OUT, TRAINING, Places
from workbench.data.tokens_file import TokensFile
from workbench.errors import RunError
from workbench.jobs.files import read_json, write_atomic
from workbench.models import catalog
from workbench.runs.run_dir import RunDir

OnWait = Callable[[Waiting], None]

_USUAL_TOKENS = 512
"""The longest example of an adapter from elsewhere, whose run has not worked one out."""

_LONGEST_QUESTION = 2000
"""In characters; what is longer is no question, but a document."""

_FILES: dict[Part, str] = {"held_out": HELD_OUT, "training": TRAINING}


@dataclass(frozen=True)
class Asked:
    """One example: what is asked, what was expected, and the rows whose learned tokens its loss is reckoned over."""

    key: str
    part: Part
    turns: list[Turn] = field(default_factory=list)
    """Up to the last answer; a plain text has none, and is asked nothing."""
    expected: str = ""
    rows: list[Row] = field(default_factory=list)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(**data | {"rows": [Row(**row) for row in data["rows"]]})


def gather(job: Evaluation, on_wait: OnWait) -> list[Asked]:
    """What the evaluation asks, chosen when it begins and kept for when it goes on.

    Raises DataError if a set cannot be read, RunError if there is nothing to be asked.
    """
    if not job.examples_path.exists():
        request, found = job.request, []
        for part in request.parts:
            found += _of_run(job.run, part, request.count)
        if request.data:
            found += _of_set(job.run, request.data, request.count, on_wait)
        if not found:
            raise RunError("There are no examples to ask.", "Choose another set, or check what was forgotten alone.")
        write_atomic(job.examples_path, json.dumps({"examples": [asdict(asked) for asked in found]}))
    return [Asked.from_json(row) for row in read_json(job.examples_path)["examples"]]


def count_own(run: RunDir, part: Part) -> int:
    """How many examples of a part the run has; 0 where it was trained elsewhere."""
    return int(read_json(run.data_dir / "summary.json").get(part, 0))


def _of_run(run: RunDir, part: Part, count: int) -> list[Asked]:
    path = run.data_dir / _FILES[part]
    if not path.exists():
        return []
    # An example that is learned from twice as often stands there twice.
    places = np.unique(np.load(path, allow_pickle=False))
    examples, tokens = ExamplesFile(run.data_dir / EXAMPLES), TokensFile(run.data_dir / TOKENS)
    return _choose(_Source(examples, tokens, _fitting(run)), part, places, count)


def _of_set(run: RunDir, reference: str, count: int, on_wait: OnWait) -> list[Asked]:
    """Read as the run's own data was: with its template, its system prompt, and what is learned of an example.

    To a run that learned from conversations a text alone is a question that nobody has answered yet.
    """
    config = run.config()
    own = config.data
    settings = DataSettings(path=reference, template=own.template, labels=own.labels, system_prompt=own.system_prompt)
    model = catalog.find(config.model.path, run.root)
    prepared = Preparation(settings, run.root).wait(Path(model), on_wait)
    examples, tokens = prepared.examples.examples, prepared.tokens.tokens
    source = _Source(examples, tokens, _fitting(run), asks_texts=not _learned_texts(run))
    return _choose(source, "data", np.arange(len(examples)), count)


@dataclass(frozen=True)
class _Source:
    examples: ExamplesFile
    tokens: TokensFile
    fitting: FitSettings
    asks_texts: bool = False
    """Whether short texts are put as questions."""


def _choose(source: _Source, part: Part, places: Places, count: int) -> list[Asked]:
    """At most `count` of the examples that gave a row, spread evenly over them."""
    fitting = places[np.isin(places, source.tokens.examples)]
    if not len(fitting):
        return []
    chosen = fitting[np.linspace(0, len(fitting) - 1, min(count, len(fitting))).round().astype(np.int64)]
    rows: dict[int, list[Row]] = {}
    for row in fit(source.tokens, chosen, source.fitting):
        rows.setdefault(row.example, []).append(row)
    asked = [
        _as_asked(f"{part}-{place}", part, source.examples[place], rows.get(place, [])) for place in chosen.tolist()
    ]
    if not source.asks_texts:
        return asked
    return [_as_question(one, source.examples[place]) for one, place in zip(asked, chosen.tolist(), strict=True)]


def _as_asked(key: str, part: Part, example: Example, rows: list[Row]) -> Asked:
    answers = [place for place, turn in enumerate(example.messages) if turn.role == "assistant"]
    if not answers:
        return Asked(key, part, rows=rows)
    turns = [{"role": turn.role, "content": turn.content} for turn in example.messages[: answers[-1]]]
    return Asked(key, part, turns, example.messages[answers[-1]].content, rows)


def _as_question(asked: Asked, example: Example) -> Asked:
    """A short text as a question without an expected answer; anything else as it is."""
    if asked.turns or not example.text or len(example.text) > _LONGEST_QUESTION:
        return asked
    return Asked(asked.key, asked.part, [{"role": "user", "content": example.text}])


def _learned_texts(run: RunDir) -> bool:
    """Whether the run's own examples are texts; of an adapter from elsewhere one cannot tell."""
    path = run.data_dir / EXAMPLES
    return path.exists() and not ExamplesFile(path)[0].messages


def _fitting(run: RunDir) -> FitSettings:
    data = run.config().data
    length = _USUAL_TOKENS if data.max_length == "auto" else int(data.max_length)
    return FitSettings(length, data.over_long, data.overlap)
