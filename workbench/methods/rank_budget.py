"""How AdaLoRA's ranks are given anew while it trains; PEFT does it, and forgets nothing of it at a resume."""

from typing import Any

import torch

from workbench.config.methods import AdaLoraSettings
from workbench.methods.regimen import Regimen

_ADAPTER = "default"
_IMPORTANCE, _UNCERTAINTY, _KEPT = "importance", "uncertainty", "kept"


class RankBudget(Regimen):
    """From the initial rank of every layer down to the final budget of them all, which then learns on."""

    def __init__(self, model: Any, settings: AdaLoraSettings, steps: int) -> None:
        self._tuner = model.base_model
        self._config = model.peft_config[_ADAPTER]
        self._config.total_step = steps
        self._config.tinit = int(settings.initial_updates)
        self._config.tfinal = int(settings.final_updates)
        self._config.deltaT = int(settings.allocate_every)
        self._settled_at = steps - self._config.tfinal
        parameters = dict(model.named_parameters())
        self._left = [p for name, p in parameters.items() if ".lora_B." in name]
        self._right = [p for name, p in parameters.items() if ".lora_A." in name]

    def penalty(self) -> torch.Tensor | None:
        """How far P and Q are from orthogonal: the mean over them of ‖P·Pᵀ - I‖, as PEFT adds it to its own loss."""
        weight = self._config.orth_reg_weight
        directions = [*self._right, *(left.T for left in self._left)]
        return weight * torch.stack([_skewness(rows) for rows in directions]).mean() if weight else None

    def after_update(self, step: int) -> None:
        self._tuner.update_and_allocate(step)
        if step < self._settled_at:
            # What was left out may come back, and has been learning since: an adapter saved now must have it all.
            self._config.rank_pattern = None

    def state(self) -> dict[str, torch.Tensor]:
        allocator = self._tuner.rankallocator
        # PEFT leaves the adapter's name out of these names once it has saved, and takes them either way.
        kept = {name.replace(f".{_ADAPTER}", ""): mask for name, mask in (self._config.rank_pattern or {}).items()}
        return {
            **_filed(_IMPORTANCE, allocator.exp_avg_ipt),
            **_filed(_UNCERTAINTY, allocator.exp_avg_unc),
            **_filed(_KEPT, {name: torch.tensor(mask) for name, mask in kept.items()}),
        }

    def restore(self, state: dict[str, torch.Tensor]) -> None:
        allocator, device = self._tuner.rankallocator, self._left[0].device
        allocator.exp_avg_ipt = {name: seen.to(device) for name, seen in _taken(_IMPORTANCE, state).items()}
        allocator.exp_avg_unc = {name: seen.to(device) for name, seen in _taken(_UNCERTAINTY, state).items()}
        # Made anew before it is used; PEFT only asks whether it is there.
        allocator.ipt = dict(allocator.exp_avg_ipt)
        kept = {name: mask.tolist() for name, mask in _taken(_KEPT, state).items()}
        self._config.rank_pattern = kept or None


def _skewness(rows: torch.Tensor) -> torch.Tensor:
    return torch.linalg.matrix_norm(rows @ rows.T - torch.eye(len(rows), device=rows.device))


def _filed(under: str, tensors: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    return {f"{under}::{name}": tensor for name, tensor in tensors.items()}


def _taken(under: str, state: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    return {key.partition("::")[2]: tensor for key, tensor in state.items() if key.startswith(f"{under}::")}
