"""What a resume needs to go on exactly: trained tensors, moments, random state, and the place in the data."""

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file, save_file

from workbench.errors import RunError
from workbench.jobs.files import write_json
from workbench.methods.base import Base, SavedAs
from workbench.methods.regimen import Regimen
from workbench.training.loss_scale import LossScale
from workbench.training.optimizers import Optimizer, Parameters, put_state, state_of
from workbench.training.schedule import Schedule

_REGIMEN = "regimen.safetensors"
"""What the method remembers besides; only there if it remembers anything."""


@dataclass
class Progress:
    """Where a run stands. `seconds` counts training time over all attempts."""

    step: int = 0
    tokens: int = 0
    learned_tokens: int = 0
    seconds: float = 0.0
    eval_loss: float | None = None
    """The last loss on held-out examples."""
    best_loss: float = math.inf
    best_step: int = 0
    checks_without_gain: int = 0

    def checked(self, loss: float) -> None:
        """Take in the outcome of a check; one that is no number is no gain."""
        self.eval_loss = loss
        if loss < self.best_loss:
            self.best_loss, self.best_step, self.checks_without_gain = loss, self.step, 0
        else:
            self.checks_without_gain += 1


@dataclass(frozen=True)
class Learner:
    """What learns, whichever engine computes it."""

    model: Any
    """What `saved_as` takes tensors from, and puts them into."""

    parameters: Parameters
    """Those that are trained, by the names that PEFT gives them."""

    saved_as: SavedAs
    regimen: Regimen
    scale: LossScale


@dataclass(frozen=True)
class Trained:
    """The parts of a run that change as it learns."""

    learner: Learner
    optimizer: Optimizer
    schedule: Schedule
    beside: Callable[[], Mapping[str, str]]
    """Text files that go with the adapter, by name: how a conversation is written for it."""

    base: Base

    def is_finite(self) -> bool:
        """Whether every trained number is one; a checkpoint of others would be of no use."""
        return all(bool(parameter.isfinite().all()) for parameter in self.learner.parameters.values())

    def writer(self, progress: Progress) -> Callable[[Path], None]:
        """A function that fills a checkpoint folder."""

        def write(folder: Path) -> None:
            self.write_adapter(folder)
            learner = self.learner
            if learner.saved_as.trained not in learner.saved_as.files:
                numbers = {name: p.detach().contiguous() for name, p in learner.parameters.items()}
                save_file(numbers, folder / learner.saved_as.trained)
            moments, counts = state_of(self.optimizer, learner.parameters)
            save_file(moments, folder / "optimizer.safetensors")
            save_file(_random_state(), folder / "random.safetensors")
            if remembered := learner.regimen.state():
                save_file(remembered, folder / _REGIMEN)
            write_json(
                folder / "progress.json", asdict(progress) | {"optimizer": counts, "scale": learner.scale.state()}
            )

        return write

    def write_adapter(self, folder: Path) -> None:
        """The result as it stands."""
        self.learner.saved_as.write(self.learner.model, self.base, folder)
        for name, text in self.beside().items():
            (folder / name).write_text(text, encoding="utf-8")

    def restore(self, checkpoint: Path) -> Progress:
        """Bring everything back to where the checkpoint was made. Raises RunError for one of an earlier version."""
        learner = self.learner
        if not (checkpoint / learner.saved_as.trained).exists():
            told = f"{checkpoint.name} was saved by an earlier version, which this one cannot go on from."
            raise RunError(told, "Train it further in a new run.")
        trained = load_file(checkpoint / learner.saved_as.trained)
        with torch.no_grad():
            for name, parameter in learner.parameters.items():
                parameter.copy_(trained[name])
        record = json.loads((checkpoint / "progress.json").read_text())
        moments = load_file(checkpoint / "optimizer.safetensors")
        put_state(self.optimizer, learner.parameters, moments | record.pop("optimizer"))
        _restore_random_state(load_file(checkpoint / "random.safetensors"))
        if (checkpoint / _REGIMEN).exists():
            learner.regimen.restore(load_file(checkpoint / _REGIMEN))
        learner.scale.restore(record.pop("scale", learner.scale.state()))
        known = {field.name for field in fields(Progress)}
        return Progress(**{name: record[name] for name in known & record.keys()})


def _random_state() -> dict[str, torch.Tensor]:
    state = {"cpu": torch.get_rng_state()}
    if torch.cuda.is_available():
        state["cuda"] = torch.cuda.get_rng_state()
    return state


def _restore_random_state(state: dict[str, torch.Tensor]) -> None:
    torch.set_rng_state(state["cpu"])
    if "cuda" in state and torch.cuda.is_available():
        torch.cuda.set_rng_state(state["cuda"])
