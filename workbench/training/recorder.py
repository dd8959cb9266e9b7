"""What a worker writes about itself while it trains: status, metrics, samples."""

import math
import time
from typing import Any

from workbench.jobs.files import append_json
from workbench.jobs.folder import Status
from workbench.jobs.room import LAST_WORDS_BYTES, Reserve
from workbench.runs.metrics import last_attempt
from workbench.runs.run_dir import RunDir
from workbench.runs.thinned import Thinner
from workbench.training.stopping import Ending

_STATUS_SECONDS = 0.5


class Recorder:
    """The one writer of a run's status.json, metrics.jsonl, what is thinned of that, and samples.jsonl."""

    def __init__(self, run: RunDir) -> None:
        self._run = run
        self._attempt = last_attempt(run.metrics_path) + 1
        self._thinner = Thinner(run.metrics_path)
        stored = run.stored_status()
        self._step, self._steps = stored.step, stored.steps
        self._written_at = 0.0
        self._note = ""
        self._reserve = Reserve(run.path)

    def reserve_room(self) -> None:
        """Keep a little of the disk, so that the last word can be written when all else is full."""
        self._reserve.hold(LAST_WORDS_BYTES)

    def free_room(self) -> None:
        self._reserve.give_up()

    def phase(self, phase: str, step: int | None = None, message: str = "", hint: str = "") -> None:
        """A new phase; without `step`, at the step that was last told."""
        self._step = self._step if step is None else step
        words = " ".join(filter(None, [message, self._note]))
        self._run.write_status(Status(phase, self._step, self._steps, words, hint))
        self._written_at = time.monotonic()

    def begin(self, step: int, steps: int, note: str) -> None:
        """The training starts; `note` is said with everything that follows."""
        self._steps, self._note = steps, note
        self.phase("training", step)

    def expect_steps(self, steps: int) -> None:
        """Updates in all, where that has changed; told with the next word."""
        self._steps = steps

    def end(self, ending: Ending, kept_step: int) -> None:
        """The last word of a run that broke off; a paused one stands where its newest checkpoint was made."""
        self.phase(ending.phase, kept_step if ending.phase == "paused" else None, ending.message, ending.hint)

    def training(self, step: int) -> None:
        """Progress; written to the disk a few times a second at most."""
        self._step = step
        if time.monotonic() - self._written_at > _STATUS_SECONDS:
            self.phase("training")

    def step(self, step: int, **numbers: Any) -> None:
        self._append(step, numbers)

    def evaluation(self, step: int, loss: float, seconds: float) -> None:
        self._append(step, {"eval_loss": loss, "seconds": seconds})

    def sample(self, step: int, prompt: str, expected: str, answer: str) -> None:
        row = {"attempt": self._attempt, "step": step, "prompt": prompt, "expected": expected, "answer": answer}
        append_json(self._run.samples_path, row)

    def _append(self, step: int, numbers: dict[str, Any]) -> None:
        rounded = {name: _rounded(value) for name, value in numbers.items()}
        row = {"attempt": self._attempt, "step": step} | rounded
        append_json(self._run.metrics_path, row)
        self._thinner.add(row)


def _rounded(value: Any) -> Any:
    """Six significant digits; null for what JSON cannot say (NaN, infinity)."""
    if not isinstance(value, float):
        return value
    return float(f"{value:.6g}") if math.isfinite(value) else None
