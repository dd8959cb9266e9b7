"""Plain LoRA adapters beside one base: each row of a batch has the one, or none, and the strength that it asks for.

Rows that all have the same are read as PEFT reads them. For others PEFT has `adapter_names`, with two small products
for each adapter and layer. Here a batch's adapters lie side by side as one, of which each row takes its own part.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from itertools import count
from pathlib import Path
from typing import Any

import torch
from peft import LoraConfig, PeftConfig, PeftModel
from peft.tuners.lora.layer import LoraLayer
from safetensors import SafetensorError

from workbench.models.twins import twin

BASE = "__base__"
"""The name for a row without an adapter."""

_MIXES = frozenset(
    (
        *("task_type", "peft_type", "auto_mapping", "peft_version", "base_model_name_or_path", "revision"),
        *("inference_mode", "init_lora_weights", "loftq_config", "eva_config", "corda_config", "lora_ga_config"),
        *("r", "lora_alpha", "rank_pattern", "alpha_pattern", "use_rslora", "lora_dropout", "fan_in_fan_out"),
        *("target_modules", "exclude_modules", "layers_to_transform", "layers_pattern"),
        *("megatron_config", "megatron_core", "runtime_config", "qalora_group_size"),
    )
)
"""The settings that may be any; with another one set, an adapter answers alone."""

UNFIT = (OSError, ValueError, RuntimeError, SafetensorError)
"""What PEFT raises for an adapter that is damaged or belongs to another model."""

_PARTS = ("lora_A", "lora_B", "lora_dropout", "scaling")

_NO_LINEAR = ("experts", "embed", "wte")
"""In the names of layers that are adapted in another way."""


def can_mix(config: PeftConfig) -> bool:
    """Whether rows with this adapter can stand in one batch with others."""
    if type(config) is not LoraConfig:
        return False
    if any(part in name for name in config.target_modules or () for part in _NO_LINEAR):
        return False
    given = {field.name: getattr(config, field.name) for field in fields(config) if field.name not in _MIXES}
    usual = LoraConfig()
    return not any(value and value != getattr(usual, name) for name, value in given.items())


class LoraMix:
    """Adapters are taken in and given up while others answer."""

    def __init__(self, base: Any) -> None:
        self._base = base
        self._adapted: PeftModel | None = None
        self._count = count()
        self._at: dict[tuple[str, float], str] = {}
        self._chosen: list[str] = []
        self._sides: dict[Any, _SideBySide] = {}

    def add(self, folder: Path) -> str:
        """The name of an adapter that is now there. Raises UNFIT, and is then as it was."""
        name = f"adapter-{next(self._count)}"
        try:
            if self._adapted is None:
                self._adapted = PeftModel.from_pretrained(twin(self._base), folder, adapter_name=name).eval()
            else:
                self._adapted.load_adapter(str(folder), adapter_name=name)
        except UNFIT:
            self._drop([name])
            raise
        finally:
            self._chosen = []  # since layers that were not adapted before have this one on
        for layer in self._layers():
            if not layer._forward_hooks:
                layer.register_forward_hook(self._add_sides)
        return name

    def at(self, name: str, strength: float) -> str:
        """The name of the same adapter at a strength; nothing of it is in memory twice."""
        if name == BASE or strength == 1:
            return name
        if (name, strength) not in self._at:
            entry = self._at[name, strength] = f"{name}-{next(self._count)}"
            for layer in self._layers():
                for part in _held(layer, name):
                    part[entry] = part[name] * strength if part is layer.scaling else part[name]
        return self._at[name, strength]

    def keep(self, names: set[str], entries: set[str]) -> None:
        """Give up all adapters but these, and all their strengths but these."""
        self._drop([entry for entry in self._at.values() if entry not in entries])
        self._at = {key: entry for key, entry in self._at.items() if entry in entries}
        if self._adapted is None:
            return
        gone = [name for name in self._adapted.peft_config if name not in names]
        if len(gone) == len(self._adapted.peft_config):
            self._adapted = None
        elif gone:
            self._drop(gone)
            # PEFT asks for the settings of the one that is on whenever it takes in another.
            self._adapted.set_adapter(next(iter(self._adapted.peft_config)))
            self._chosen = []

    def choose(self, names: Sequence[str]) -> Any:
        """The network, which then reads a batch of rows with these adapters."""
        if self._adapted is None or all(name == BASE for name in names):
            return self._base
        if list(names) != self._chosen:
            self._chosen = list(names)
            distinct = set(names)
            for layer in self._layers():
                layer.set_adapter(list(distinct) if len(distinct) == 1 else [], inference_mode=True)
            layers = self._layers() if len(distinct) > 1 else []
            self._sides = {layer: _SideBySide.of(layer, names) for layer in layers if layer.lora_A.keys() & distinct}
        return self._adapted.get_base_model()

    def _drop(self, names: list[str]) -> None:
        for layer in self._layers():
            for name in names:
                for part in _held(layer, name):
                    del part[name]
        for name in names:
            if self._adapted:
                self._adapted.peft_config.pop(name, None)

    def _layers(self) -> list[Any]:
        modules = self._adapted.modules() if self._adapted else ()
        return [module for module in modules if isinstance(module, LoraLayer)]

    def _add_sides(self, layer: Any, given: tuple[Any, ...], answer: torch.Tensor) -> torch.Tensor:
        sides = self._sides.get(layer)
        return sides.add(given[0], answer) if sides else answer


@dataclass(frozen=True)
class _SideBySide:
    """A layer's adapters as one, whose rank is the sum of theirs."""

    down: torch.Tensor
    up: torch.Tensor
    scale: torch.Tensor
    """For each row how much it takes of each part: nothing of what belongs to others."""

    @classmethod
    def of(cls, layer: Any, names: Sequence[str]) -> "_SideBySide":
        own = {name: layer.lora_A[name] for name in names if name in layer.lora_A}
        downs = list(dict.fromkeys(own.values()))
        ups = [next(layer.lora_B[name] for name, down in own.items() if down is each) for each in downs]
        scale = [
            [layer.scaling[name] if own.get(name) is down else 0.0 for down in downs for _ in range(down.out_features)]
            for name in names
        ]
        first = downs[0].weight
        return cls(
            torch.cat([down.weight for down in downs]),
            torch.cat([up.weight for up in ups], dim=1),
            torch.tensor(scale, dtype=first.dtype, device=first.device),
        )

    def add(self, given: torch.Tensor, answer: torch.Tensor) -> torch.Tensor:
        inner = torch.nn.functional.linear(given.to(self.down.dtype), self.down)
        inner *= self.scale.view(len(self.scale), *[1] * (inner.dim() - 2), -1)
        return (answer + torch.nn.functional.linear(inner, self.up)).to(answer.dtype)


def _held(layer: Any, name: str) -> list[Any]:
    """The layer's parts of an adapter, each a dictionary by adapters' names."""
    return [part for part in (getattr(layer, each) for each in _PARTS) if name in part]
