"""The course of the learning rate: a pure function of the update, so that a resume needs no memory of it."""

import math
from collections.abc import Callable
from typing import Any

from workbench.config.run_config import TrainingSettings

Course = Callable[[float, int], float]
"""The share of the learning rate when the first of these counts, out of the second, was done after the warm-up."""

_COURSES: dict[str, Course] = {
    "cosine": lambda done, whole: 0.5 * (1.0 + math.cos(math.pi * (done / whole))),
    "linear": lambda done, whole: (whole - done) / whole,
    "constant": lambda done, whole: 1.0,
}


class Schedule:
    """Gives each group of an optimizer its own learning rate times the course."""

    def __init__(self, groups: list[dict[str, Any]], settings: TrainingSettings, steps: int) -> None:
        self._groups = groups
        self._rates: list[float] = [group["lr"] for group in groups]
        self._course = _COURSES[settings.scheduler]
        self._warmup = round(settings.warmup_ratio * steps)
        self._steps = steps

    def set_rates(self, step: float) -> float:
        """For update `step`, which counts from 0; returns the learning rate of the first group.

        It may stand between two of the updates that were planned, where the run goes through them faster.
        """
        for group, rate in zip(self._groups, self._rates, strict=True):
            group["lr"] = rate * self._share(step)
        return float(self._groups[0]["lr"])

    def _share(self, step: float) -> float:
        if step < self._warmup:
            return step / self._warmup
        return self._course(step - self._warmup, max(1, self._steps - self._warmup))
