"""LoRA that begins inside the model: with a part of each weight, which is taken out of the base for the training.

PiSSA (Meng et al. 2024, arXiv:2404.02948) takes the directions that weigh most, OLoRA (Büyükakyüz 2024,
arXiv:2406.01775) an orthonormal basis. What is saved is a plain LoRA for the base as it was: what was learned less what
it began with, B·A - B₀·A₀, of twice the rank.
"""

import math
from dataclasses import replace
from typing import Any

import torch
from peft import LoraConfig, PeftConfig, PeftModelForCausalLM
from peft.tuners.lora import LoraLayer
from peft.utils.other import transpose

from workbench.methods.regimen import Regimen

_OVERSAMPLED = 8
_POWER_ITERATIONS = 16


class Displaced(PeftModelForCausalLM):
    """Its base lacks what the adapter began with."""

    def __init__(self, model: Any, config: PeftConfig, start: str) -> None:
        super().__init__(model, config)
        with torch.no_grad():
            for layer in _layers(self):
                _take_out(layer, start)
        self.begun = {name: p.detach().clone() for name, p in self.named_parameters() if _is_half(name)}

    def save_pretrained(self, save_directory: str, **options: Any) -> None:  # type: ignore[override]
        """As a plain LoRA that the base takes as it was."""
        state = dict(self.state_dict())
        for name, first in self.begun.items():
            joined = (state[name], first) if ".lora_A." in name else (state[name], -first)
            state[name] = torch.cat(joined, dim=0 if ".lora_A." in name else 1)
        super().save_pretrained(save_directory, state_dict=state, **options)
        _doubled(self.peft_config["default"]).save_pretrained(save_directory)


class Beginning(Regimen):
    """Keeps what an adapter began with: on another machine the same weights may be taken apart in another way."""

    def __init__(self, model: Any) -> None:
        self._model = model

    def state(self) -> dict[str, torch.Tensor]:
        return {name: tensor.contiguous() for name, tensor in self._model.begun.items()}

    @torch.no_grad()
    def restore(self, state: dict[str, torch.Tensor]) -> None:
        """Take out of the base what was taken then. Where that is the same already, not a bit changes."""
        begun = self._model.begun
        then = {name: tensor.to(begun[name].device) for name, tensor in state.items()}
        for name, layer in self._model.named_modules():
            if isinstance(layer, LoraLayer):
                a, b = (f"{name}.lora_{half}.default.weight" for half in "AB")
                if not (torch.equal(begun[a], then[a]) and torch.equal(begun[b], then[b])):
                    _add(layer, begun[b] @ begun[a] - then[b] @ then[a])
        self._model.begun = then


def principal(weight: torch.Tensor, rank: int, scaling: float) -> tuple[torch.Tensor, torch.Tensor]:
    """The largest singular values, half on each side (section 3 of the paper)."""
    wanted = min(rank + _OVERSAMPLED, *weight.shape)
    u, sizes, v = torch.svd_lowrank(weight, q=wanted, niter=_POWER_ITERATIONS)
    roots = (sizes[:rank] / scaling).sqrt()
    return u[:, :rank] * roots, (v[:, :rank] * roots).T


def _take_out(layer: Any, start: str) -> None:
    rank, scaling = layer.r["default"], layer.scaling["default"]
    weight = transpose(_base(layer).weight, layer.fan_in_fan_out).float()
    b, a = principal(weight, rank, scaling) if start == "pissa" else _orthonormal(weight, rank)
    layer.lora_A["default"].weight.copy_(a)
    layer.lora_B["default"].weight.copy_(b)
    _add(layer, -b @ a)


def _orthonormal(weight: torch.Tensor, rank: int) -> tuple[torch.Tensor, torch.Tensor]:
    q, r = torch.linalg.qr(weight)
    return q[:, :rank], r[:rank]


def _add(layer: Any, product: torch.Tensor) -> None:
    """Add B·A, as the adapter scales it, to the base's weight."""
    weight = _base(layer).weight
    change = transpose(layer.scaling["default"] * product, layer.fan_in_fan_out)
    weight.copy_((weight.float() + change).to(weight.dtype))


def _doubled(config: Any) -> LoraConfig:
    """For twice the rank at the same strength; with rsLoRA that falls with the root of the rank only."""
    times = math.sqrt(2) if config.use_rslora else 2.0
    return replace(
        config,
        r=2 * config.r,
        lora_alpha=times * config.lora_alpha,
        rank_pattern={layer: 2 * rank for layer, rank in (config.rank_pattern or {}).items()},
        alpha_pattern={layer: times * alpha for layer, alpha in (config.alpha_pattern or {}).items()},
        inference_mode=True,
    )


def _layers(model: Displaced) -> list[Any]:
    return [layer for layer in model.modules() if isinstance(layer, LoraLayer)]


def _base(layer: Any) -> Any:
    return layer.get_base_layer()


def _is_half(name: str) -> bool:
    return ".lora_A." in name or ".lora_B." in name
