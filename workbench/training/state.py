"""What a resume needs to go on exactly: trained tensors, moments, schedule, random state, place in the data."""

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from safetensors.torch import load_file, save_file

from workbench.errors import RunError
from workbench.jobs.files import write_json
from workbench.methods.base import Base, SavedAs
from workbench.methods.regimen import Regimen
from workbench.training.loss_scale import LossScale
from workbench.training.optimizers import put_state, state_of

if TYPE_CHECKING:
    from torch.optim import Optimizer
    from torch.optim.lr_scheduler import LRScheduler

    from workbench.methods.base import Network


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
class Trained:
    """The parts of a run that change as it learns."""

    model: "Network"
    optimizer: "Optimizer"
    scheduler: "LRScheduler"
    beside: Mapping[str, str]
    """Text files that go with the adapter, by name: how a conversation is written for it."""
    regimen: Regimen
    scale: LossScale
    saved_as: SavedAs
    base: Base

    def parameters(self) -> dict[str, torch.nn.Parameter]:
        return {name: p for name, p in self.model.named_parameters() if p.requires_grad}

    def is_finite(self) -> bool:
        """Whether every trained number is one; a checkpoint of others would be of no use."""
        return all(bool(parameter.isfinite().all()) for parameter in self.parameters().values())

    def writer(self, progress: Progress) -> Callable[[Path], None]:
        """A function that fills a checkpoint folder."""

        def write(folder: Path) -> None:
            self.write_adapter(folder)
            if self.saved_as.trained not in self.saved_as.files:
                numbers = {name: p.detach().contiguous() for name, p in self.parameters().items()}
                save_file(numbers, folder / self.saved_as.trained)
            moments, counts = state_of(self.optimizer, self.parameters())
            save_file(moments, folder / "optimizer.safetensors")
            save_file(_random_state(), folder / "random.safetensors")
            if remembered := self.regimen.state():
                save_file(remembered, folder / _REGIMEN)
            plain = {"scheduler": self.scheduler.state_dict(), "optimizer": counts, "scale": self.scale.state()}
            write_json(folder / "progress.json", asdict(progress) | plain)

        return write

    def write_adapter(self, folder: Path) -> None:
        """The result as it stands."""
        self.saved_as.write(self.model, self.base, folder)
        for name, text in self.beside.items():
            (folder / name).write_text(text, encoding="utf-8")

    def restore(self, checkpoint: Path) -> Progress:
        """Bring everything back to where the checkpoint was made. Raises RunError for one of an earlier version."""
        if not (checkpoint / self.saved_as.trained).exists():
            told = f"{checkpoint.name} was saved by an earlier version, which this one cannot go on from."
            raise RunError(told, "Train its adapter further in a new run.")
        trained = load_file(checkpoint / self.saved_as.trained)
        with torch.no_grad():
            for name, parameter in self.parameters().items():
                parameter.copy_(trained[name])
        record = json.loads((checkpoint / "progress.json").read_text())
        moments = load_file(checkpoint / "optimizer.safetensors")
        put_state(self.optimizer, self.parameters(), moments | record.pop("optimizer"))
        _restore_random_state(load_file(checkpoint / "random.safetensors"))
        if (checkpoint / _REGIMEN).exists():
            self.regimen.restore(load_file(checkpoint / _REGIMEN))
        self.scale.restore(record.pop("scale", self.scale.state()))
        self.scheduler.load_state_dict(record.pop("scheduler"))
        for group, rate in zip(self.optimizer.param_groups, self.scheduler.get_last_lr(), strict=True):
            group["lr"] = rate
        return Progress(**record)


def _random_state() -> dict[str, torch.Tensor]:
    state = {"cpu": torch.get_rng_state()}
    if torch.cuda.is_available():
        state["cuda"] = torch.cuda.get_rng_state()
    return state


def _restore_random_state(state: dict[str, torch.Tensor]) -> None:
    torch.set_rng_state(state["cpu"])
    if "cuda" in state and torch.cuda.is_available():
        torch.cuda.set_rng_state(state["cuda"])
