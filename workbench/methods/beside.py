"""Methods that stand beside chosen linear layers, each through a tuner of stock PEFT."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from workbench.errors import SettingError
from workbench.methods import blocks, targets
from workbench.methods.base import SavedAs, rate_by_size
from workbench.methods.peft_folder import PeftFolder
from workbench.methods.regimen import Regimen
from workbench.models.facts import ModelFacts
from workbench.models.quantization import Quantization

if TYPE_CHECKING:
    from peft import PeftConfig, PeftModel
    from transformers import PreTrainedModel


@dataclass(frozen=True)
class Layer:
    """A linear layer by its full name, and how wide it is; or several experts that lie in one tensor."""

    name: str
    outputs: int
    inputs: int
    experts: int = 0


class BesideLayers(ABC):
    """A method tells what it adds to one layer, and how PEFT calls it."""

    label: str
    trade_off: str
    packs = True
    checkpoints = True
    extends = True
    saved_as: SavedAs = PeftFolder()
    no_strength = ""
    takes_conv1d = True
    """Whether it takes layers whose weights lie (in, out), as GPT-2's do."""

    takes_quantized = True
    """Whether it takes weights of 8 or 4 bits."""

    rate_times = 1.0
    """Its learning rate as a multiple of LoRA's, found by trial on the starter."""

    @abstractmethod
    def in_layer(self, settings: Any, layer: Layer) -> int:
        """Parameters trained beside one layer. Raises SettingError for settings that the layer cannot take."""

    @abstractmethod
    def peft_config(self, settings: Any, chosen: list[str], endings: list[str]) -> "PeftConfig":
        """For the chosen layers, given by their full names and by the endings that mean just them."""

    def refuses(self, settings: Any, facts: ModelFacts, quantization: Quantization) -> str | None:
        if quantization.is_on and not self.takes_quantized:
            return f"{self.label} needs the frozen weights whole, not as {quantization.kind}."
        if facts.conv1d and not self.takes_conv1d:
            return f"{self.label} cannot stand beside the Conv1D layers of {facts.architecture}."
        return None

    def learning_rate(self, parameters: int) -> float:
        return rate_by_size(parameters, self.rate_times)

    def trainable(self, settings: Any, facts: ModelFacts) -> int:
        return sum(self.in_layer(settings, layer) for layer in chosen_layers(settings, facts))

    def kept(self, settings: Any, facts: ModelFacts) -> int:
        return self.trainable(settings, facts)

    def apply(self, model: "PreTrainedModel", settings: Any, facts: ModelFacts) -> "PeftModel":
        from peft import get_peft_model

        return get_peft_model(model, self.config_for(settings, facts))  # type: ignore[return-value]

    def config_for(self, settings: Any, facts: ModelFacts) -> "PeftConfig":
        chosen = [layer.name for layer in chosen_layers(settings, facts)]
        return self.peft_config(settings, chosen, targets.suffixes(chosen, facts.linear_shapes))

    def regimen(self, model: "PeftModel", settings: Any, steps: int) -> Regimen:
        return Regimen()


def chosen_layers(settings: Any, facts: ModelFacts) -> list[Layer]:
    """Those that the settings mean. Raises SettingError for what the model lacks, and for experts in one tensor."""
    chosen = chosen_with_experts(settings, facts)
    if any(layer.experts for layer in chosen):
        sentence = f"The experts of {facts.architecture} lie in one tensor, which only LoRA can adapt."
        raise SettingError("method.target_modules", sentence, "Leave the experts out, or choose LoRA.")
    return chosen


def chosen_with_experts(settings: Any, facts: ModelFacts) -> list[Layer]:
    """The same, with experts. Raises SettingError for what the model lacks."""
    layers = {name: Layer(name, *shape) for name, shape in facts.linear_shapes.items()}
    layers |= {name: Layer(name, out, inside, count) for name, (count, out, inside) in facts.expert_shapes.items()}
    named = targets.choose(settings.target_modules, layers)
    return [layers[name] for name in blocks.within(settings.layers, named)]
