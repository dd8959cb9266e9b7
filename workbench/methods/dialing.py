"""How strongly an adapter changes a network: 0 leaves it as the base is, 1 is what was trained, and more is more.

Each layer gives what it would give without the adapter, and so many times the difference that the adapter makes. Where
PEFT multiplies the difference by a number of its own, that number is changed; else both are computed.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch
from peft.tuners.lora.layer import LoraLayer
from peft.tuners.lycoris_utils import LycorisLayer
from peft.tuners.tuners_utils import BaseTunerLayer
from peft.utils.other import ModulesToSaveWrapper
from torch import nn

from workbench.methods.bottleneck_tuner import BottleneckLayer

if TYPE_CHECKING:
    from peft import PeftModel


def dial(network: "PeftModel", strength: float) -> None:
    """Once, for a network with one adapter that was just loaded."""
    for module in network.modules():
        if isinstance(module, LoraLayer | LycorisLayer | BottleneckLayer) and not getattr(module, "lora_variant", None):
            for name in module.scaling:
                module.scaling[name] *= strength
        elif isinstance(module, BaseTunerLayer):
            _mix(module, module.get_base_layer(), strength)
        elif isinstance(module, ModulesToSaveWrapper):
            _mix(module, module.original_module, strength)


def _mix(layer: nn.Module, base: Any, strength: float) -> None:
    layer.register_forward_hook(_Mixed(base, strength), with_kwargs=True)


@dataclass(frozen=True)
class _Mixed:
    """Called with what an adapted layer was given, and what it answers."""

    base: Any
    strength: float

    def __call__(self, _: Any, given: tuple[Any, ...], options: dict[str, Any], tuned: torch.Tensor) -> torch.Tensor:
        plain: torch.Tensor = self.base(*given, **options)
        return (plain + self.strength * (tuned - plain)).to(tuned.dtype)
