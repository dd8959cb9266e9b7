"""How much can be learned in the time that there is. No torch."""

import math
from dataclasses import dataclass
from typing import Any

from workbench.errors import WorkbenchError
from workbench.training.auto import MOST_EPOCHS
from workbench.training.plan import Plan

_TRIES = 6
_LONGEST_MINUTES = 60 * 24 * 30


@dataclass(frozen=True)
class Within:
    """What fits into some minutes."""

    steps: int
    seconds: float
    """Of the whole run, as far as can be told."""
    sights: float
    """How often each example is seen."""
    epochs: int
    """Passes over the data, the last of them perhaps in part."""

    @property
    def settings(self) -> dict[str, Any]:
        """What a plan is changed by, so that it takes so long."""
        return {"training.max_steps": self.steps, "training.epochs": self.epochs}


def steps_within(plan: Plan, minutes: float) -> Within:
    """The most updates that end in time, up to as many passes as are of use.

    Raises WorkbenchError where not even one update does, or where that is no time.
    """
    if not 0 < minutes <= _LONGEST_MINUTES:
        raise WorkbenchError(f"{minutes:g} minutes are no time to train in.", "Give a number from 1 on.")
    found = _fit(plan, 60 * minutes)
    if found.seconds > 60 * minutes:
        need = math.ceil(found.seconds / 60)
        unit = "minute" if minutes == 1 else "minutes"
        sentence = f"{minutes:g} {unit} are too short: to load the model, check it and save takes about {need} min."
        raise WorkbenchError(sentence, "Give it more time, or choose fewer checks, watched answers or a smaller model.")
    return found


def _fit(plan: Plan, budget_seconds: float) -> Within:
    """On the line through two trials, what comes after one update takes nearly the same for each further one."""
    most = _updates_a_pass(plan) * MOST_EPOCHS
    best = _try(plan, 1)
    low, high = 1, most + 1
    each, start = plan.time.update_seconds, best.seconds
    for _ in range(_TRIES):
        guess = int(1 + (budget_seconds - start) / max(each, 1e-6))
        steps = min(max(guess, low + 1), high - 1)
        if steps <= low:
            break
        tried = _try(plan, steps)
        each = max(1e-6, (tried.seconds - start) / (steps - 1))
        if tried.seconds <= budget_seconds:
            best, low = tried, steps
        else:
            high = steps
    return best


def _try(plan: Plan, steps: int) -> Within:
    epochs = math.ceil(steps / _updates_a_pass(plan))
    changed = plan.changed({"training.max_steps": steps, "training.epochs": epochs})
    sights = changed.steps / _updates_a_pass(plan)
    return Within(changed.steps, changed.time.seconds, sights, epochs)


def _updates_a_pass(plan: Plan) -> int:
    return max(1, math.ceil(len(plan.rows) / int(plan.config.training.batch_size)))
