"""What turns gradients into updates, and what of it must be kept for a resume."""

import math
from collections.abc import Callable, MutableMapping
from typing import Any, Protocol

import torch

from workbench.config.run_config import RunConfig
from workbench.methods.lora import rate_times

Parameters = dict[str, torch.nn.Parameter]
Groups = list[dict[str, Any]]
"""Parameters with the learning rate of each group."""

_MOMENTUM = 0.9


class Optimizer(Protocol):
    """What training asks of one: torch's own are such."""

    param_groups: Groups

    @property
    def state(self) -> MutableMapping[Any, Any]:
        """By parameter, what it remembers by the name of each slot; empty for one that is asked for first."""

    def step(self) -> Any:
        """Update the parameters by their gradients."""

    def zero_grad(self) -> None:
        """Drop the gradients."""


Maker = Callable[[Groups], Optimizer]


def make_optimizer(parameters: Parameters, config: RunConfig, adamw: Maker = torch.optim.AdamW) -> Optimizer:
    """The chosen optimizer, with the parameters of each learning rate in a group; `config` has its `auto` resolved.

    Where AdamW is chosen, `adamw` makes it.
    """
    groups = _group_by_rate(parameters, config)
    makers = _MAKERS | {"adamw": adamw}
    optimizer = makers[config.training.optimizer](groups)
    for group in optimizer.param_groups:
        group["weight_decay"] = config.training.weight_decay
    return optimizer


def state_of(optimizer: Optimizer, parameters: Parameters) -> tuple[dict[str, torch.Tensor], dict[str, float]]:
    """Its tensors, and its plain numbers, each by the name of a parameter and that of the slot.

    No copies, since they take twice what is trained: but what several parameters share no file can hold.
    """
    tensors: dict[str, torch.Tensor] = {}
    numbers: dict[str, float] = {}
    held: set[int] = set()
    for name, parameter in parameters.items():
        for slot, value in optimizer.state.get(parameter, {}).items():
            if not isinstance(value, torch.Tensor):
                numbers[f"{name}::{slot}"] = value
                continue
            is_shared = value.data_ptr() in held
            held.add(value.data_ptr())
            tensors[f"{name}::{slot}"] = value.detach().clone() if is_shared else value.detach()
    return tensors, numbers


def put_state(optimizer: Optimizer, parameters: Parameters, state: dict[str, Any]) -> None:
    """Give tensors and numbers back to the optimizer, as `state_of` named them."""
    for key, value in state.items():
        name, _, slot = key.rpartition("::")
        parameter = parameters[name]
        # A count stays where torch keeps it, on the processor.
        is_large = isinstance(value, torch.Tensor) and value.ndim > 0
        optimizer.state[parameter][slot] = value.to(parameter.device) if is_large else value


def _group_by_rate(parameters: Parameters, config: RunConfig) -> Groups:
    """Those that learn at the learning rate itself come first: the records show the rate of the first group."""
    by_times: dict[float, list[torch.nn.Parameter]] = {}
    for name, parameter in parameters.items():
        by_times.setdefault(rate_times(config.method, name), []).append(parameter)
    rate = float(config.training.learning_rate)
    return [{"params": alike, "lr": times * rate} for times, alike in sorted(by_times.items(), key=_distance)]


def _distance(group: tuple[float, list[torch.nn.Parameter]]) -> float:
    return abs(math.log(group[0]))


def _from_bitsandbytes(name: str) -> Maker:
    def make(groups: Groups) -> Optimizer:
        import bitsandbytes

        optimizer: Optimizer = getattr(bitsandbytes.optim, name)(groups)
        return optimizer

    return make


_MAKERS: dict[str, Maker] = {
    "adamw_8bit": _from_bitsandbytes("AdamW8bit"),
    "paged_adamw": _from_bitsandbytes("PagedAdamW"),
    "paged_adamw_8bit": _from_bitsandbytes("PagedAdamW8bit"),
    "lion": _from_bitsandbytes("Lion"),
    "adafactor": torch.optim.Adafactor,
    "sgd": lambda groups: torch.optim.SGD(groups, momentum=_MOMENTUM),
}
