"""Methods that train weights of the model itself, all or some, and add nothing to it."""

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from workbench.methods.base import SavedAs
from workbench.methods.changed_weights import ChangedWeights
from workbench.methods.regimen import Regimen
from workbench.models.facts import ModelFacts
from workbench.models.quantization import Quantization

if TYPE_CHECKING:
    from transformers import PreTrainedModel

Shapes = Mapping[str, tuple[int, ...]]


class InsideModel(ABC):
    """A method tells which of the model's parameters are trained, by their names and shapes."""

    label: str
    trade_off: str
    packs = True
    checkpoints = True
    extends = True
    saved_as: SavedAs = ChangedWeights()
    no_strength = ""

    @abstractmethod
    def chosen(self, settings: Any, shapes: Shapes, facts: ModelFacts) -> list[str]:
        """Those of a model's parameters that are trained. Raises SettingError where there are none such."""

    @abstractmethod
    def learning_rate(self, parameters: int) -> float:
        """Weights that already know something want smaller steps than new ones."""

    def refuses(self, settings: Any, facts: ModelFacts, quantization: Quantization) -> str | None:
        if not quantization.is_on:
            return None
        others = "LoRA can learn beside such weights (QLoRA), and norms and biases can be trained among them."
        return f"{self.label} changes the weights themselves, so they cannot be held as {quantization.kind}. {others}"

    def trainable(self, settings: Any, facts: ModelFacts) -> int:
        return sum(math.prod(facts.shapes[name]) for name in self.chosen(settings, facts.shapes, facts))

    def kept(self, settings: Any, facts: ModelFacts) -> int:
        return self.trainable(settings, facts)

    def apply(self, model: "PreTrainedModel", settings: Any, facts: ModelFacts) -> "PreTrainedModel":
        """What is trained is held in full precision: small steps would be lost in 16 bits."""
        parameters = dict(model.named_parameters())
        shapes = {name: tuple(parameter.shape) for name, parameter in parameters.items()}
        chosen = set(self.chosen(settings, shapes, facts))
        for name, parameter in parameters.items():
            parameter.requires_grad_(name in chosen)
            if name in chosen:
                parameter.data = parameter.data.float()
        return model

    def regimen(self, model: Any, settings: Any, steps: int) -> Regimen:
        return Regimen()


def layer_of(name: str) -> int | None:
    """The number of the layer that a parameter belongs to; None for what stands before or after all layers."""
    return next((int(part) for part in name.split(".") if part.isdigit()), None)
