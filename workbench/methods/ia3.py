"""(IA)³: a trained factor for each number that goes through a layer (Liu et al. 2022, arXiv:2205.05638), from PEFT."""

from typing import TYPE_CHECKING

from workbench.config.methods import Ia3Settings
from workbench.methods import targets
from workbench.methods.beside import BesideLayers, Layer
from workbench.models.facts import ModelFacts
from workbench.models.quantization import Quantization

if TYPE_CHECKING:
    from peft import PeftConfig


class Ia3(BesideLayers):
    label = "IA³"
    trade_off = "Only makes what is there louder or quieter: tiny files, for small changes of manner."
    rate_times = 10.0

    def refuses(self, settings: Ia3Settings, facts: ModelFacts, quantization: Quantization) -> str | None:
        """PEFT's 4-bit layer hands its factors' fp32 on, which a layer norm with a bias does not take."""
        if facts.conv1d and quantization.is_4_bit:
            return f"{self.label} does not go with {quantization.kind} weights on {facts.architecture}."
        return super().refuses(settings, facts, quantization)

    def in_layer(self, settings: Ia3Settings, layer: Layer) -> int:
        """A factor for each input of a feed-forward layer, and for each output of the others (section 3.3)."""
        return layer.inputs if targets.is_feed_forward(layer.name) else layer.outputs

    def peft_config(self, settings: Ia3Settings, chosen: list[str], endings: list[str]) -> "PeftConfig":
        from peft import IA3Config

        feed_forward = [name for name in chosen if targets.is_feed_forward(name)]
        return IA3Config(target_modules=chosen, feedforward_modules=feed_forward, task_type="CAUSAL_LM")
