"""LoHa: the elementwise product of two low-rank updates (Hyeon-Woo et al. 2021, arXiv:2108.06098), through PEFT."""

from typing import TYPE_CHECKING

from workbench.config.methods import LohaSettings
from workbench.methods.beside import BesideLayers, Layer

if TYPE_CHECKING:
    from peft import PeftConfig


class Loha(BesideLayers):
    label = "LoHa"
    trade_off = "Two small additions multiplied: twice LoRA's size and slower, for changes of a higher rank."
    takes_conv1d = False
    takes_quantized = False
    rate_times = 2.0

    def in_layer(self, settings: LohaSettings, layer: Layer) -> int:
        """2 · rank · (in + out) (section 2.2 of the paper, proposition 2)."""
        return 2 * settings.rank * (layer.inputs + layer.outputs)

    def peft_config(self, settings: LohaSettings, chosen: list[str], endings: list[str]) -> "PeftConfig":
        from peft import LoHaConfig

        return LoHaConfig(
            r=settings.rank,
            alpha=float(settings.alpha),  # type: ignore[arg-type]  # PEFT takes fractions too
            target_modules=endings,
            task_type="CAUSAL_LM",
        )
