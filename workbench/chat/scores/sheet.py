"""The answer sheet as people look at it: rows with their marks, filtered, in the order of the examples. No torch."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from workbench.chat.questions import ORIGINAL, TUNED
from workbench.chat.scores.folder import Evaluation, Mark
from workbench.chat.scores.launch import names_of
from workbench.chat.scores.request import PARTS, Part
from workbench.errors import RunError
from workbench.runs.run_dir import RunDir

Filter = Literal["all", "changed", "unmarked", "good", "bad"]

FILTERS: tuple[Filter, ...] = get_args(Filter)


@dataclass(frozen=True)
class SheetRow:
    """One question. `answers` is by target; the mark is about that of the run."""

    key: str
    part: Part
    question: str
    expected: str
    answers: dict[str, str]
    mark: Mark

    @property
    def is_changed(self) -> bool:
        """Whether tuning made another answer of it."""
        return self.answers[ORIGINAL] != self.answers[TUNED]

    def passes(self, filter: Filter) -> bool:
        if filter == "changed":
            return self.is_changed
        if filter == "unmarked":
            return not self.mark
        return filter == "all" or self.mark == filter


def sheet_rows(job: Evaluation) -> list[SheetRow]:
    """The rows so far. Held-out examples stand before those that were learned from."""
    marks = job.marks()
    rows = [_row(row, marks.get(row["key"], "")) for row in job.answers()]
    return sorted(rows, key=lambda row: (PARTS.index(row.part), int(row.key.rpartition("-")[2])))


def filter_rows(rows: list[SheetRow], part: str, filter: str) -> list[SheetRow]:
    """Those of a part, "" for all parts. Raises RunError for a filter that there is not."""
    if filter not in FILTERS:
        raise RunError(f"There is no filter “{filter[:40]}”.", f"There are: {', '.join(FILTERS)}.")
    return [row for row in rows if part in ("", row.part) and row.passes(filter)]


def target_labels(job: Evaluation) -> dict[str, str]:
    """What to call each who answers; a run that is gone goes by its id."""
    names = names_of(job.run, job.request)
    return {name: _name(job.run, run_id) if run_id else _base_name(job.run) for name, run_id in names.items()}


def _row(row: dict[str, Any], mark: Mark) -> SheetRow:
    return SheetRow(row["key"], row["part"], _question(row["turns"]), row["expected"], row["answers"], mark)


def _question(turns: list[dict[str, str]]) -> str:
    """The last question; what was said before it, if anything, stands above it."""
    spoken = [turn for turn in turns if turn["role"] != "system"]
    if len(spoken) == 1:
        return spoken[0]["content"]
    return "\n".join(f"{turn['role']}: {turn['content']}" for turn in spoken)


def _name(run: RunDir, run_id: str) -> str:
    return RunDir(run.root / "runs" / run_id).name


def _base_name(run: RunDir) -> str:
    return f"Original ({Path(run.config().model.path).name})"
