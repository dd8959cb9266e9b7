"""OFT: the inputs of each layer are turned, block by block, and keep their lengths and angles.

Qiu et al. 2023 (arXiv:2306.07280), with the turned inputs of Qiu et al. 2025 (arXiv:2506.19847), through stock PEFT.
"""

from typing import TYPE_CHECKING

from workbench.config.methods import OftSettings
from workbench.errors import SettingError
from workbench.methods.beside import BesideLayers, Layer

if TYPE_CHECKING:
    from peft import PeftConfig

_SETTING = "method.block_size"


class Oft(BesideLayers):
    label = "OFT"
    trade_off = "Turns what goes into each layer without stretching it: careful with what the model knows, but slow."
    takes_conv1d = False

    def in_layer(self, settings: OftSettings, layer: Layer) -> int:
        """A skew-symmetric matrix of block · (block - 1) / 2 numbers for each block of inputs."""
        block, width = settings.block_size, layer.inputs
        if width % block:
            dividing = [size for size in range(2, width + 1) if width % size == 0]
            nearest = min(dividing, key=lambda size: abs(size - block))
            sentence = f"Blocks of {block} do not divide a layer of {width} inputs."
            raise SettingError(_SETTING, sentence, f"Choose {nearest}.")
        return width // block * (block * (block - 1) // 2)

    def peft_config(self, settings: OftSettings, chosen: list[str], endings: list[str]) -> "PeftConfig":
        from peft import OFTConfig

        return OFTConfig(
            r=0,
            oft_block_size=settings.block_size,
            target_modules=endings,
            task_type="CAUSAL_LM",
        )
