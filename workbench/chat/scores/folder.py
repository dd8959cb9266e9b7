"""The folder of one evaluation, RUN/evaluations/ID: what was asked, each result as it came, and what people marked."""

import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Self

from workbench.chat.scores.request import EvaluationRequest
from workbench.config.names import check_id
from workbench.errors import RunError
from workbench.jobs.errand import Errand, new_id
from workbench.jobs.files import read_json, read_lines, write_json
from workbench.jobs.queue import Lock
from workbench.runs.run_dir import RunDir

Mark = Literal["good", "bad", ""]

_FOLDER, _REQUEST = "evaluations", "request.json"


class Evaluation(Errand):
    """Rows are added and never changed, so that one that was cut short goes on where it was."""

    interrupted_hint = "Go on with it: what was done is kept."

    @classmethod
    def create(cls, run: RunDir, request: EvaluationRequest) -> Self:
        folder = run.path / _FOLDER
        folder.mkdir(exist_ok=True)
        job = cls(folder / new_id())
        job.path.mkdir()
        write_json(job.path / _REQUEST, request.to_json() | {"created": time.time()})
        return job

    @classmethod
    def open(cls, run: RunDir, evaluation_id: str) -> Self:
        """An existing one. Raises RunError."""
        job = cls(run.path / _FOLDER / check_id(evaluation_id, "check"))
        if not (job.path / _REQUEST).exists():
            raise RunError(f"{run.name} has no check {evaluation_id}.", "Look at the list of its checks again.")
        return job

    @property
    def run(self) -> RunDir:
        return RunDir(self.path.parents[1])

    @property
    def request(self) -> EvaluationRequest:
        stored = read_json(self.path / _REQUEST)
        stored.pop("created", None)
        return EvaluationRequest.from_json(stored)

    @property
    def created(self) -> float:
        """Seconds since 1970."""
        return float(read_json(self.path / _REQUEST).get("created", 0.0))

    @property
    def examples_path(self) -> Path:
        """Written once, whole, when it begins: what is asked does not change under it."""
        return self.path / "examples.json"

    @property
    def answers_path(self) -> Path:
        return self.path / "answers.jsonl"

    @property
    def losses_path(self) -> Path:
        return self.path / "losses.jsonl"

    @property
    def texts_path(self) -> Path:
        return self.path / "texts.jsonl"

    @property
    def own_text_path(self) -> Path:
        """The text that the user gave for the forgetting check, if there is one."""
        return self.path / "own.txt"

    @property
    def result_path(self) -> Path:
        return self.path / "result.json"

    @property
    def forgetting_path(self) -> Path:
        return self.path / "forgetting.json"

    def result(self) -> dict[str, Any]:
        """The scores, {} until it has ended."""
        return read_json(self.result_path)

    def forgetting(self) -> dict[str, Any]:
        """Perplexities and verdicts, {} until they are known."""
        return read_json(self.forgetting_path)

    def marks(self) -> dict[str, Mark]:
        """What people think of the tuned answers, by the key of the row."""
        return dict(read_json(self._marks_path))

    def mark(self, key: str, mark: Mark) -> None:
        """Keep what somebody thinks of an answer; "" takes it back. Raises RunError for a row that is not there."""
        if key not in {row["key"] for row in self.answers()}:
            raise RunError("There is no such answer on this sheet.", "Open the sheet again.")
        with closing(Lock(self.path / "marks.lock")) as lock:
            lock.wait()  # of two who mark at once, neither loses a mark
            write_json(self._marks_path, {**self.marks(), key: mark})

    def answers(self) -> list[dict[str, Any]]:
        """The rows of the sheet so far."""
        return read_lines(self.answers_path)[0]

    @property
    def _marks_path(self) -> Path:
        return self.path / "marks.json"


@dataclass(frozen=True)
class Summary:
    """One line of the list of a run's evaluations."""

    id: str
    created: float
    phase: str
    answers: int
    good: int
    bad: int


def evaluations(run: RunDir) -> list[Evaluation]:
    """All of a run, the latest first. A folder without a request is what a sudden end left of one."""
    requests = sorted((run.path / _FOLDER).glob(f"*/{_REQUEST}"), reverse=True)
    return [Evaluation(path.parent) for path in requests]


def summarise(job: Evaluation) -> Summary:
    marks = list(job.marks().values())
    return Summary(job.id, job.created, job.status().phase, len(job.answers()), marks.count("good"), marks.count("bad"))
