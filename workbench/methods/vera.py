"""VeRA: one pair of random matrices for all layers, and two trained vectors in each (Kopiczko et al. 2023).

arXiv:2310.11454, through stock PEFT. The matrices go into the adapter's file: they could be drawn again from a seed,
but another version of torch may draw others, and the adapter would then be worth nothing.
"""

from typing import TYPE_CHECKING

from workbench.config.methods import VeraSettings
from workbench.methods.beside import BesideLayers, Layer, chosen_layers
from workbench.models.facts import ModelFacts

if TYPE_CHECKING:
    from peft import PeftConfig


class Vera(BesideLayers):
    label = "VeRA"
    trade_off = "Scales what fixed random matrices add: trains a fraction of LoRA's numbers, for smaller changes."
    rate_times = 20.0

    def in_layer(self, settings: VeraSettings, layer: Layer) -> int:
        """A factor for each row of either matrix: rank + out (section 3.2 of the paper)."""
        return settings.projection_rank + layer.outputs

    def kept(self, settings: VeraSettings, facts: ModelFacts) -> int:
        """The matrices are as large as the widest layers need them."""
        layers = chosen_layers(settings, facts)
        widest = max(layer.inputs for layer in layers) + max(layer.outputs for layer in layers)
        return self.trainable(settings, facts) + settings.projection_rank * widest

    def peft_config(self, settings: VeraSettings, chosen: list[str], endings: list[str]) -> "PeftConfig":
        from peft import VeraConfig

        return VeraConfig(
            r=settings.projection_rank,
            d_initial=settings.initial_scale,
            target_modules=endings,
            save_projection=True,
            task_type="CAUSAL_LM",
        )
