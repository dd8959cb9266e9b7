"""When a run ends before its last step, and what becomes of it then."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from workbench.config.run_config import TrainingSettings
from workbench.jobs.ending import CANCELLED
from workbench.jobs.folder import Request

if TYPE_CHECKING:
    from workbench.training.state import Progress


@dataclass(frozen=True)
class Ending:
    """How a run ends: its last word, and whether what it has learned is saved and made its adapter."""

    phase: str
    message: str = ""
    hint: str = ""
    saves: bool = True
    publishes: bool = True


_CLEARLY = 1.03

FINISHED = Ending("finished")

_ON_REQUEST: dict[Request, Ending] = {
    "cancel": Ending("stopped", CANCELLED, saves=False, publishes=False),
    "stop": Ending("stopped"),
    "pause": Ending(
        "paused",
        "Paused: its place is saved, and memory and processor are free.",
        "Continue goes on exactly from here.",
        publishes=False,
    ),
}


def on_request(request: Request | None) -> Ending | None:
    """How a run ends that is asked to, None if it is not."""
    return _ON_REQUEST[request] if request else None


def by_rule(settings: TrainingSettings, progress: "Progress") -> Ending | None:
    """How a run ends that a setting ends. It follows from the progress alone, so that a resume decides the same."""
    if settings.target_loss and progress.eval_loss is not None and progress.eval_loss <= settings.target_loss:
        return Ending("finished", f"The loss on held-out examples is {progress.eval_loss:.3g}, low enough as set.")
    if settings.patience and progress.checks_without_gain >= settings.patience:
        return Ending("finished", _no_gain(progress))
    if settings.max_minutes and progress.seconds >= 60 * settings.max_minutes:
        limit = f"It has trained for its time limit, {settings.max_minutes} min, and what it learned is saved."
        return Ending("stopped", limit, "For more, start a run with a larger limit.")
    return None


def was_better(progress: "Progress") -> bool:
    """Whether an earlier check found a lower loss on held-out examples than the last one."""
    return progress.eval_loss is not None and not progress.eval_loss <= progress.best_loss


def tell_better(progress: "Progress") -> str:
    """A sentence where an earlier state was clearly better; else empty."""
    last, best, step = progress.eval_loss or 0.0, progress.best_loss, progress.best_step
    if last <= _CLEARLY * best:
        return ""
    return (
        f"The loss on held-out examples was lowest at step {step} ({best:.3g}) and is {last:.3g} at the end; "
        f"the adapter of step {step} is kept as checkpoints/best-{step}."
    )


def _no_gain(progress: "Progress") -> str:
    checks = progress.checks_without_gain
    return (
        f"Ended early: {checks} {'check' if checks == 1 else 'checks in a row'} found no lower loss on held-out "
        f"examples than {progress.best_loss:.3g} at step {progress.best_step}."
    )
