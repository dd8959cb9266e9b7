"""What turns gradients into updates, and what of it must be kept for a resume."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import torch

from workbench.config.run_config import TrainingSettings

if TYPE_CHECKING:
    from torch.optim import Optimizer

Parameters = dict[str, torch.nn.Parameter]

_MOMENTUM = 0.9


def make_optimizer(parameters: Iterable[torch.nn.Parameter], settings: TrainingSettings) -> "Optimizer":
    """The chosen optimizer; `settings` has its `auto` values resolved."""
    rate, decay = float(settings.learning_rate), settings.weight_decay
    optimizer = _MAKERS[settings.optimizer](list(parameters), rate)
    for group in optimizer.param_groups:
        group["weight_decay"] = decay
    return optimizer


def state_of(optimizer: "Optimizer", parameters: Parameters) -> tuple[dict[str, torch.Tensor], dict[str, float]]:
    """Its tensors, and its plain numbers, each by the name of a parameter and that of the slot."""
    tensors: dict[str, torch.Tensor] = {}
    numbers: dict[str, float] = {}
    for name, parameter in parameters.items():
        for slot, value in optimizer.state.get(parameter, {}).items():
            kept: dict[str, Any] = tensors if isinstance(value, torch.Tensor) else numbers
            kept[f"{name}::{slot}"] = value.detach().clone() if isinstance(value, torch.Tensor) else value
    return tensors, numbers


def put_state(optimizer: "Optimizer", parameters: Parameters, state: dict[str, Any]) -> None:
    """Give tensors and numbers back to the optimizer, as `state_of` named them."""
    for key, value in state.items():
        name, _, slot = key.rpartition("::")
        parameter = parameters[name]
        # A count stays where torch keeps it, on the processor.
        is_large = isinstance(value, torch.Tensor) and value.ndim > 0
        optimizer.state[parameter][slot] = value.to(parameter.device) if is_large else value


def _from_bitsandbytes(name: str) -> Callable[[list[torch.nn.Parameter], float], "Optimizer"]:
    def make(parameters: list[torch.nn.Parameter], rate: float) -> "Optimizer":
        import bitsandbytes

        optimizer: Optimizer = getattr(bitsandbytes.optim, name)(parameters, lr=rate)
        return optimizer

    return make


_MAKERS: dict[str, Callable[[list[torch.nn.Parameter], float], "Optimizer"]] = {
    "adamw": lambda parameters, rate: torch.optim.AdamW(parameters, rate),
    "adamw_8bit": _from_bitsandbytes("AdamW8bit"),
    "paged_adamw": _from_bitsandbytes("PagedAdamW"),
    "paged_adamw_8bit": _from_bitsandbytes("PagedAdamW8bit"),
    "lion": _from_bitsandbytes("Lion"),
    "adafactor": lambda parameters, rate: torch.optim.Adafactor(parameters, rate),
    "sgd": lambda parameters, rate: torch.optim.SGD(parameters, rate, momentum=_MOMENTUM),
}
