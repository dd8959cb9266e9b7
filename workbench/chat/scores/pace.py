"""How long an evaluation takes: by the pace of an earlier one on the same model, else by arithmetic. No torch."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from workbench.chat.scores.examples import count_own
from workbench.chat.scores.folder import evaluations
from workbench.chat.scores.request import EvaluationRequest
from workbench.chat.scores.shipped_texts import shipped_bytes
from workbench.hardware.devices import machine
from workbench.jobs.files import read_json
from workbench.models import catalog
from workbench.models.facts import facts
from workbench.runs.run_dir import RunDir, all_runs

Range = tuple[float, float]

_BYTES_PER_TOKEN = 4.0
_READ_PER_LEARNED = 3.0
"""Tokens of an example for each that is learned."""

_LONGER = 1.5
"""Answers beside what was expected: the original has not learned to be brief."""

_USUAL_TOKENS = 40.0
"""Of an expected answer where nothing is known."""

_FLOPS_PER_CORE = 40e9
_BYTES_PER_SECOND = 8e9
_LEAST_SECONDS = 0.002
_LOAD_SECONDS = 4.0
_UNSURE = (0.5, 2.5)
_MEASURED = (0.8, 1.4)


@dataclass(frozen=True)
class Pace:
    """Seconds to come up, for a token of an answer, and for a token that is only read."""

    load: float
    answer: float
    read: float
    answer_tokens: float = 0.0
    """How long an answer was, where that was measured; 0 where nothing was."""

    def to_json(self) -> dict[str, float]:
        return {
            "load": round(self.load, 2),
            "answer": round(self.answer, 6),
            "read": round(self.read, 7),
            "answer_tokens": round(self.answer_tokens, 1),
        }


@dataclass(frozen=True)
class Work:
    """How many seconds each part will take."""

    load: float
    answers: float
    examples: float
    texts: float


def estimate_seconds(run: RunDir, request: EvaluationRequest) -> Range:
    """At least and at most. Raises ModelError if the base is gone."""
    pace = known_pace(run)
    fast, slow = _MEASURED if pace.answer_tokens else _UNSURE
    work = work_of(run, request, pace)
    seconds = work.load + work.answers + work.examples + work.texts
    return seconds * fast, seconds * slow


def work_of(run: RunDir, request: EvaluationRequest, pace: Pace) -> Work:
    """Of a set it is not known before it is read how many examples it has: as many as were asked for."""
    targets = 2 + len(request.others)
    examples = sum(min(request.count, count_own(run, part)) for part in request.parts)
    examples += request.count if request.data else 0
    learned = _learned_tokens(run)
    length = min(pace.answer_tokens or _LONGER * learned, request.answer_tokens)
    return Work(
        load=pace.load,
        answers=targets * examples * length * pace.answer if request.answers else 0.0,
        examples=targets * examples * learned * _READ_PER_LEARNED * pace.read if request.scores else 0.0,
        texts=targets * shipped_bytes() / _BYTES_PER_TOKEN * pace.read if request.forgetting else 0.0,
    )


def known_pace(run: RunDir) -> Pace:
    """What the latest evaluation on the same base reached; else what arithmetic says."""
    folder = catalog.find(run.config().model.path, run.root)
    measured = next(_measured(run), None)
    if measured:
        return Pace(**measured)
    parameters = facts(folder).parameters
    return Pace(
        load=_LOAD_SECONDS + 2 * parameters / 1e9,
        answer=max(_LEAST_SECONDS, 2 * parameters / _BYTES_PER_SECOND),
        read=max(_LEAST_SECONDS / 10, 2 * parameters / (_FLOPS_PER_CORE * machine().cores)),
    )


def tell_range(seconds: Range) -> str:
    """For a person: "about 40 s", "1 to 3 min"."""
    fewest, most = seconds
    if most < 90:
        return f"about {max(5, 5 * round((fewest + most) / 10)):.0f} s"
    low, high = max(1, round(fewest / 60)), max(1, round(most / 60))
    return f"about {low} min" if low == high else f"{low} to {high} min"


def tell_left(seconds: float) -> str:
    return f"about {max(1, round(seconds))} s" if seconds < 90 else f"about {round(seconds / 60)} min"


def _measured(run: RunDir) -> Iterator[dict[str, Any]]:
    model = run.config().model.path
    others = (other for other in reversed(all_runs(run.root)) if other.id != run.id)
    for other in (run, *others):
        jobs = evaluations(other)
        if jobs and other.config().model.path == model:
            found = (job.result().get("pace", {}) for job in jobs)
            yield from (pace for pace in found if pace.get("answer_tokens"))


def _learned_tokens(run: RunDir) -> float:
    """Of an average example of the run."""
    summary = read_json(run.data_dir / "summary.json")
    rows = summary.get("rows", 0)
    return float(summary["learned_tokens"] / rows) if rows else _USUAL_TOKENS
