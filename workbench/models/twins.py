"""A second network of the same weights: its modules are its own and may be wrapped, while its tensors are shared."""

import copy
from typing import Any

from torch import nn


def twin(network: Any) -> Any:
    """What is done to the modules of one is not seen by the other; what is done to a parameter is."""
    kept = [*network.parameters(), *network.buffers(), *_inner_states(network)]
    return copy.deepcopy(network, {id(each): each for each in kept})


def _inner_states(network: nn.Module) -> list[Any]:
    """What layers of bitsandbytes keep beside their weights, and take out of these when they first compute."""
    names = ("state", "quant_state")
    found = [getattr(module, name, None) for module in network.modules() for name in names]
    return [each for each in found if each is not None]
