"""What every tuning method can say of itself, and do."""

import math
from typing import TYPE_CHECKING, Any, Protocol

from workbench.methods.regimen import Regimen
from workbench.models.facts import ModelFacts
from workbench.models.quantization import Quantization

if TYPE_CHECKING:
    from peft import PeftModel
    from transformers import PreTrainedModel


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

    def refuses(self, settings: Any, facts: ModelFacts, quantization: Quantization) -> str | None:
        """Why this model, its weights held so, cannot be tuned by this method; None if it can."""

    def learning_rate(self, parameters: int) -> float:
        """A learning rate that suits a model of this many parameters."""

    def trainable(self, settings: Any, facts: ModelFacts) -> int:
        """How many parameters are trained. Raises SettingError for settings the model cannot take."""

    def apply(self, model: "PreTrainedModel", settings: Any, facts: ModelFacts) -> "PeftModel":
        """The model with the method's parameters added, and only those trainable."""

    def regimen(self, model: "PeftModel", settings: Any, steps: int) -> Regimen:
        """What is to be done while this model trains for so many updates; `settings` has its `auto` resolved."""


def rate_by_size(parameters: int, times: float = 1.0) -> float:
    """2e-4 for models of a billion parameters and more, times a factor; small models want larger steps.

    Between 7 million (3e-3, found by trial on the starter) and a billion it falls evenly on a log scale.
    """
    small, large = (7e6, 3e-3), (1e9, 2e-4)
    share = (math.log(parameters) - math.log(small[0])) / (math.log(large[0]) - math.log(small[0]))
    share = min(1.0, max(0.0, share))
    return float(f"{times * small[1] * (large[1] / small[1]) ** share:.1e}")
