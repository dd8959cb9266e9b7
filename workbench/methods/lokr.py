"""LoKr: the Kronecker product of a small matrix and a low-rank one (Yeh et al. 2023, arXiv:2309.14859), from PEFT."""

import math
from typing import TYPE_CHECKING

from workbench.config.methods import LokrSettings
from workbench.methods.beside import BesideLayers, Layer

if TYPE_CHECKING:
    from peft import PeftConfig


class Lokr(BesideLayers):
    label = "LoKr"
    trade_off = "A repeated pattern instead of a free addition: by far the smallest files, for subtle changes."
    takes_conv1d = False
    takes_quantized = False
    rate_times = 3.0

    def in_layer(self, settings: LokrSettings, layer: Layer) -> int:
        """A whole matrix of the smaller factors, and one of the larger factors, low-rank where that is smaller."""
        (small_out, large_out), (small_in, large_in) = factors(layer.outputs), factors(layer.inputs)
        is_low_rank = settings.rank < max(large_out, large_in) / 2
        large = settings.rank * (large_out + large_in) if is_low_rank else large_out * large_in
        return small_out * small_in + large

    def peft_config(self, settings: LokrSettings, chosen: list[str], endings: list[str]) -> "PeftConfig":
        from peft import LoKrConfig

        return LoKrConfig(
            r=settings.rank,
            alpha=float(settings.alpha),  # type: ignore[arg-type]  # PEFT takes fractions too
            target_modules=endings,
            task_type="CAUSAL_LM",
        )


def factors(width: int) -> tuple[int, int]:
    """The two numbers nearest to each other whose product is `width`, the smaller first."""
    small = next(divisor for divisor in range(math.isqrt(width), 0, -1) if width % divisor == 0)
    return small, width // small
