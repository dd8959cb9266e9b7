"""LoRA: a low-rank update B·A beside each frozen weight (Hu et al. 2021, arXiv:2106.09685), through stock PEFT.

With DoRA each row of a weight is given a trained length of its own (Liu et al. 2024, arXiv:2402.09353); rsLoRA divides
by the square root of the rank (Kalajdzievski 2023, arXiv:2312.03732); with LoRA+ B learns faster than A (Hayou et al.
2024, arXiv:2402.12354).
"""

from typing import TYPE_CHECKING

from workbench.config.methods import LoraSettings, MethodSettings
from workbench.methods.beside import BesideLayers, Layer
from workbench.models.facts import ModelFacts
from workbench.models.quantization import Quantization

if TYPE_CHECKING:
    from peft import PeftConfig


class Lora(BesideLayers):
    label = "LoRA"
    trade_off = "Trains a small addition beside the frozen model: quick, light, and easy to take off again."

    def refuses(self, settings: LoraSettings, facts: ModelFacts, quantization: Quantization) -> str | None:
        """PEFT's 8-bit layer gives its weights for their lengths just once."""
        if settings.use_dora and quantization.kind == "int8":
            return "DoRA does not go with int8 weights; it does with nf4."
        return super().refuses(settings, facts, quantization)

    def in_layer(self, settings: LoraSettings, layer: Layer) -> int:
        """rank · (in + out) (section 4.1 of the paper); DoRA's lengths are one number a row."""
        return settings.rank * (layer.inputs + layer.outputs) + (layer.outputs if settings.use_dora else 0)

    def peft_config(self, settings: LoraSettings, chosen: list[str], endings: list[str]) -> "PeftConfig":
        from peft import LoraConfig

        return LoraConfig(
            r=settings.rank,
            lora_alpha=float(settings.alpha),  # type: ignore[arg-type]  # PEFT takes fractions too
            lora_dropout=settings.dropout,
            use_dora=settings.use_dora,
            use_rslora=settings.use_rslora,
            target_modules=endings,
            task_type="CAUSAL_LM",
        )


def rate_times(settings: MethodSettings, parameter: str) -> float:
    """How many times the learning rate a trained parameter learns at; the B of LoRA+ learns faster than all else."""
    return settings.plus_ratio if isinstance(settings, LoraSettings) and ".lora_B." in parameter else 1.0
