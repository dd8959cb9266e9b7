"""What every tuning method can say of itself, and do, and how what it trained is kept."""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from workbench.methods.regimen import Regimen
from workbench.models.facts import ModelFacts
from workbench.models.quantization import Quantization

if TYPE_CHECKING:
    import torch
    from peft import PeftModel
    from transformers import PreTrainedModel

    Network = PeftModel | PreTrainedModel
    """What is trained: a model with something added, or the model itself."""

Tensors = dict[str, "torch.Tensor"]


@dataclass(frozen=True)
class Base:
    """The model that something was trained on: a name that lasts, and what tells it from others."""

    name: str
    fingerprint: str


class SavedAs(Protocol):
    """The form in which what was trained is kept, and put onto a model that the method was applied to."""

    folder: str
    """Where the result stands in the folder of a run."""

    files: tuple[str, ...]
    """What it is made of; the first holds tensors."""

    trained: str
    """In a checkpoint, the file with every trained number by its parameter's name. A result may hold less: what it was
    made from in training is not needed to use it."""

    def read(self, folder: Path) -> Tensors:
        """What such a folder holds. Raises OSError or SafetensorError where it cannot be read."""

    def tensors(self, model: Any) -> Tensors:
        """What is kept of the model, by the names it is kept under."""

    def put(self, model: Any, tensors: Tensors) -> None:
        """Let the model have these in place of its own."""

    def write(self, model: Any, base: Base, folder: Path) -> None:
        """Fill a folder."""


class Method(Protocol):
    """One way of tuning. All but `apply` is arithmetic, without torch."""

    label: str
    trade_off: str
    packs: bool
    """Whether examples may stand in one sequence: not where each begins with trained words of the method's own."""

    checkpoints: bool
    """Whether layers may be computed twice to save memory (gradient checkpointing)."""

    extends: bool
    """Whether its adapter holds all that was trained, so that another run can train it further."""

    saved_as: SavedAs

    @property
    def no_strength(self) -> str:
        """Why its effect cannot be turned up and down; "" where it can."""

    def refuses(self, settings: Any, facts: ModelFacts, quantization: Quantization) -> str | None:
        """Why this model, its weights held so, cannot be tuned by this method; None if it can."""

    def learning_rate(self, parameters: int) -> float:
        """A learning rate that suits a model of this many parameters."""

    def trainable(self, settings: Any, facts: ModelFacts) -> int:
        """How many parameters are trained. Raises SettingError for settings the model cannot take."""

    def kept(self, settings: Any, facts: ModelFacts) -> int:
        """How many numbers the result holds. Raises SettingError as `trainable` does."""

    def apply(self, model: "PreTrainedModel", settings: Any, facts: ModelFacts) -> "Network":
        """The model with the method's parameters added, and only those trainable; or with some of its own so."""

    def regimen(self, model: Any, settings: Any, steps: int) -> Regimen:
        """What is to be done while this model trains for so many updates; `settings` has its `auto` resolved."""


def rate_by_size(parameters: int, times: float = 1.0) -> float:
    """2e-4 for models of a billion parameters and more, times a factor; small models want larger steps.

    Between 7 million (3e-3, found by trial on the starter) and a billion it falls evenly on a log scale.
    """
    small, large = (7e6, 3e-3), (1e9, 2e-4)
    share = (math.log(parameters) - math.log(small[0])) / (math.log(large[0]) - math.log(small[0]))
    share = min(1.0, max(0.0, share))
    return float(f"{times * small[1] * (large[1] / small[1]) ** share:.1e}")
