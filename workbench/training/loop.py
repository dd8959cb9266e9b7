"""The one training loop: updates, records, checks, checkpoints and stops. It knows no model library."""

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch

from workbench.config.run_config import TrainingSettings
from workbench.data.rendering.rows import Row
from workbench.errors import RunError
from workbench.jobs.folder import Request
from workbench.training.checkpoints import Checkpoints
from workbench.training.finish import Finish
from workbench.training.order import DataOrder
from workbench.training.recorder import Recorder
from workbench.training.state import Progress, Trained
from workbench.training.stepper import Stepper
from workbench.training.stopping import Ending, by_rule, on_request


@dataclass(frozen=True)
class Task:
    """All that a loop works on. `settings` has its `auto` values resolved."""

    settings: TrainingSettings
    finish: Finish
    training: Sequence[Row]
    held_out: Sequence[Row]
    order: DataOrder
    """Which of `training` make up each update."""
    stepper: Stepper
    trained: Trained
    answer_questions: Callable[[int], None]
    """Record the watched answers at a step."""


class Loop:
    """Trains from wherever `progress` stands to the end, or until it is asked to stop."""

    def __init__(self, task: Task, recorder: Recorder, checkpoints: Checkpoints, progress: Progress) -> None:
        self.progress = progress
        self._task = task
        self._recorder = recorder
        self._checkpoints = checkpoints
        self._saved_at = progress.step
        self._counted_at = time.monotonic()

    def run(self, requested: Callable[[], Request | None]) -> Ending:
        """Train to the end, or until something is `requested`. Raises RunError if the numbers break down."""
        # A kill right after a save leaves a state behind that had been the best before it.
        self._checkpoints.drop_bests_but(self.progress.best_step)
        if self.progress.step == 0 and not requested():
            self._check()
        while self.progress.step < self.steps:
            if ending := on_request(requested()) or by_rule(self._task.settings, self.progress):
                if ending.saves:
                    self._save()
                return ending
            if self._task.finish.look(self.progress.step):
                self._recorder.expect_steps(self.steps)
            self._checkpoints.hold_room()
            self._update()
            self._after_update()
        return self._task.finish.ending()

    @property
    def steps(self) -> int:
        """Updates in all, as far as is known now."""
        return self._task.finish.steps

    def _update(self) -> None:
        """One optimizer update over one global batch."""
        started = time.monotonic()
        trained, settings, progress = self._task.trained, self._task.settings, self.progress
        rows = [self._task.training[index] for index in self._task.order.batch(progress.step)]
        learning_rate = trained.schedule.set_rates(self._task.finish.place(progress.step))
        result = self._task.stepper.accumulate(rows)
        limit = settings.max_grad_norm or math.inf
        norm = float(torch.nn.utils.clip_grad_norm_(trained.learner.parameters.values(), limit))
        for what, number in (("loss", result.loss), ("gradient", norm)):
            if not math.isfinite(number):
                raise _not_a_number(what, progress.step + 1)
        trained.optimizer.step()
        trained.learner.regimen.after_update(progress.step + 1)
        trained.optimizer.zero_grad()
        seconds = time.monotonic() - started
        progress.step += 1
        progress.tokens += result.tokens
        progress.learned_tokens += result.learned_tokens
        self._count_time()
        self._record(result.loss, learning_rate, norm, result.tokens / seconds)

    def _record(self, loss: float, learning_rate: float, norm: float, tokens_per_second: float) -> None:
        progress = self.progress
        self._recorder.training(progress.step)
        numbers: dict[str, Any] = {
            "loss": loss,
            "learning_rate": learning_rate,
            "grad_norm": norm,
            "tokens": progress.tokens,
            "learned_tokens": progress.learned_tokens,
            "tokens_per_second": tokens_per_second,
            "epoch": progress.step / self._task.order.steps_per_epoch,
            "seconds": progress.seconds,
        }
        self._recorder.step(progress.step, **numbers)

    def _after_update(self) -> None:
        """A check comes before a checkpoint, so that a resume finds its record complete."""
        step, settings, last = self.progress.step, self._task.settings, self.steps
        if step % int(settings.eval_every) == 0 or step == last:
            self._check()
        if step % int(settings.save_every) == 0 or step == last:
            self._save()

    def _check(self) -> None:
        progress = self.progress
        if self._task.held_out:
            loss = self._task.stepper.evaluate(self._task.held_out)
            progress.checked(loss)
            self._recorder.evaluation(progress.step, loss, progress.seconds)
            if 0 < progress.step == progress.best_step < self.steps:
                self._checkpoints.save_best(progress.step, self._task.trained.write_adapter)
        self._task.answer_questions(progress.step)

    def _count_time(self) -> None:
        """All time since the last count: checks and checkpoints are part of what a run takes."""
        now = time.monotonic()
        self.progress.seconds += now - self._counted_at
        self._counted_at = now

    def _save(self) -> None:
        if self.progress.step > self._saved_at:
            if not self._task.trained.is_finite():
                raise _not_a_number("adapter", self.progress.step)
            self._count_time()
            self._checkpoints.save(self.progress.step, self._task.trained.writer(self.progress))
            self._checkpoints.drop_bests_but(self.progress.best_step)
            self._saved_at = self.progress.step


def _not_a_number(what: str, step: int) -> RunError:
    return RunError(
        f"The {what} was no longer a number at update {step}, so the run was ended.",
        "Lower the learning rate, to a third for a start. The last checkpoint is kept.",
    )
