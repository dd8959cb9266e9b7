"""Bottleneck adapter layers as a PEFT tuner. Once this module is imported, stock PEFT loads adapters of this kind.

Houlsby et al. 2019 (arXiv:1902.00751): a module's output h becomes h + up(activation(down(h))), where `down` leads to
few numbers and `up` back to all of them. It needs torch and peft and nothing else.
"""

from dataclasses import dataclass, field
from typing import Any

import torch
from peft import PeftConfig
from peft.tuners.tuners_utils import BaseTuner, BaseTunerLayer
from peft.utils import PeftType, register_peft_method
from torch import nn

NAME = "BOTTLENECK"

_ACTIVATIONS: dict[str, type[nn.Module]] = {"relu": nn.ReLU, "gelu": nn.GELU}


@dataclass
class BottleneckConfig(PeftConfig):
    """After which modules a layer stands, and what it is made of."""

    target_modules: list[str] | None = field(default=None, metadata={"help": "Full names of the modules, or endings."})
    exclude_modules: list[str] | None = field(default=None, metadata={"help": "Names that are left out."})
    outer: int = field(default=0, metadata={"help": "How wide the outputs of these modules are."})
    inner: int = field(default=0, metadata={"help": "How wide the bottleneck is."})
    activation: str = field(default="relu", metadata={"help": "relu or gelu, in the bottleneck."})

    def __post_init__(self) -> None:
        super().__post_init__()
        self.peft_type = PeftType(NAME)


class BottleneckLayer(nn.Module, BaseTunerLayer):
    """A module, and the layers that may stand after it, by the name of their adapter."""

    adapter_layer_names = ("bottleneck_down", "bottleneck_up")
    other_param_names = ("bottleneck_activation", "scaling")

    def __init__(self, base_layer: nn.Module, adapter_name: str, config: BottleneckConfig) -> None:
        super().__init__()
        self.base_layer = base_layer
        self.bottleneck_down = nn.ModuleDict()
        self.bottleneck_up = nn.ModuleDict()
        self.bottleneck_activation = nn.ModuleDict()
        self.scaling: dict[str, float] = {}
        self.merged_adapters: list[str] = []
        self._disable_adapters = False
        self._active_adapter = adapter_name
        self.add_layer(adapter_name, config)

    def add_layer(self, adapter_name: str, config: BottleneckConfig) -> None:
        """One that changes nothing until it is trained: what leads back begins at zero."""
        up = nn.Linear(config.inner, config.outer)
        nn.init.zeros_(up.weight)
        nn.init.zeros_(up.bias)
        self.bottleneck_down[adapter_name] = nn.Linear(config.outer, config.inner)
        self.bottleneck_up[adapter_name] = up
        self.bottleneck_activation[adapter_name] = _ACTIVATIONS[config.activation]()
        self.scaling[adapter_name] = 1.0
        self._move_adapter_to_device_of_base_layer(adapter_name, next(self.base_layer.parameters()).device)
        self.set_adapter(self.active_adapters, inference_mode=config.inference_mode)

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        result = self.base_layer(*args, **kwargs)
        if self.disable_adapters:
            return result
        if isinstance(result, tuple):
            # Some mixtures of experts hand on how they were chosen as well.
            return (self._changed(result[0]), *result[1:])
        return self._changed(result)

    def merge(self, safe_merge: bool = False, adapter_names: list[str] | None = None) -> None:
        raise ValueError("Bottleneck layers cannot be merged into the weights: they are not linear.")

    def _changed(self, result: torch.Tensor) -> torch.Tensor:
        for name in self.active_adapters:
            if name in self.bottleneck_down:
                result = result + self.scaling[name] * self._change(name, result)
        return result

    def _change(self, name: str, result: torch.Tensor) -> torch.Tensor:
        down, up = self.bottleneck_down[name], self.bottleneck_up[name]
        given = result.to(next(down.parameters()).dtype)
        change: torch.Tensor = up(self.bottleneck_activation[name](down(given)))
        return change.to(result.dtype)


class BottleneckModel(BaseTuner):
    """A model with bottleneck layers after some of its modules."""

    prefix = "bottleneck_"
    tuner_layer_cls = BottleneckLayer
    target_module_mapping: dict[str, list[str]] = {}

    def _create_and_replace(  # type: ignore[override]  # PEFT gives the key as well, which nothing here asks for
        self,
        config: BottleneckConfig,
        adapter_name: str,
        target: nn.Module,
        target_name: str,
        parent: nn.Module,
        **_: str,
    ) -> None:
        if isinstance(target, BottleneckLayer):
            target.add_layer(adapter_name, config)
            return
        layer = BottleneckLayer(target, adapter_name, config)
        if adapter_name not in self.active_adapters:
            # One more beside others is not trained until it is chosen.
            layer.requires_grad_(False)
        self._replace_module(parent, target_name, layer, target)

    def _replace_module(self, parent: nn.Module, child_name: str, new_module: nn.Module, child: nn.Module) -> None:
        """A module is wrapped and unwrapped whole: it may have no weight of its own that PEFT could hand on."""
        setattr(parent, child_name, new_module)


def _add_peft_type(name: str) -> None:
    """Make PEFT know a kind of adapter of this name.

    `register_peft_method` takes only members of the enum PeftType, and an enum takes no members once it is made. These
    are the steps by which the enum itself comes by its members (CPython's `enum._proto_member`).
    """
    member = str.__new__(PeftType, name)
    member._name_ = member._value_ = name
    PeftType._member_names_.append(name)
    PeftType._member_map_[name] = member
    PeftType._value2member_map_[name] = member
    type.__setattr__(PeftType, name, member)


_add_peft_type(NAME)
register_peft_method(name=NAME.lower(), config_cls=BottleneckConfig, model_cls=BottleneckModel)
