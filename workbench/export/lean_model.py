"""A model that computes in fp32 and takes little memory: each weight lies in its file until its part's turn comes."""

from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from workbench.export.changes import Change
from workbench.models.load import load_model
from workbench.models.safetensors_header import read_header
from workbench.models.weights import find_shards

_PRECISIONS = {"F32": "fp32", "BF16": "bf16", "F16": "fp16"}


class LeanModel:
    """The model in a folder. Raises ModelError for one that cannot be loaded.

    Until it is opened every weight of its `network` is in fp32, zero, and takes no memory: PEFT builds upon that as
    upon any other. Then one part after the other, such as a decoder layer, is given its own while it computes.
    """

    def __init__(self, folder: Path) -> None:
        self.network: Any = load_model(folder, _stored_precision(folder), "cpu")
        _widen_buffers(self.network)
        if hasattr(self.network.config, "rescale_every"):
            # RWKV halves weights where they lie, which only numbers in few bits need.
            self.network.config.rescale_every = 0
        self._names: dict[nn.Parameter, str] = {own: name for name, own in self.network.named_parameters()}
        self._lying = {parameter: parameter.data for parameter in self._names}
        self._beneath: Change | None = None
        for parameter in self._lying:
            _hollow(parameter, 0.0)

    def put_beneath(self, change: Change) -> None:
        """Let the weights be what they become by it, before anything stands beside them."""
        self._beneath = change

    def replace(self, tensors: Mapping[str, Tensor]) -> None:
        """Let others stand in place of some, by their full names."""
        self._lying |= {own: tensors[name] for own, name in self._names.items() if name in tensors}

    def open(self) -> Any:
        """The network, ready to compute. A weight that is asked for out of its turn is not a number, and so shows."""
        for parameter in self._lying:
            _hollow(parameter, torch.nan)
        parts = dict.fromkeys(_parts(self.network))
        for part in parts:
            turn = _Turn(self, [own for own in part.parameters() if own in self._lying])
            part.register_forward_pre_hook(turn.begin)
            part.register_forward_hook(turn.end)
        for parameter in self._lying.keys() - set(chain.from_iterable(part.parameters() for part in parts)):
            parameter.data = self.read(parameter)
        return self.network

    def read(self, parameter: nn.Parameter) -> Tensor:
        """A weight in fp32."""
        module, _, name = self._names[parameter].rpartition(".")
        if not self._beneath or module not in self._beneath.modules:
            return self._lying[parameter].float()
        # Copied, for merging writes into them.
        own = {inner: self._lying[one].to(torch.float32, copy=True) for inner, one in self._own(module)}
        return self._beneath.apply(module, own)[name]

    def _own(self, module: str) -> Iterator[tuple[str, nn.Parameter]]:
        for parameter, name in self._names.items():
            if name.rpartition(".")[0] == module:
                yield name.rpartition(".")[2], parameter


class _Turn:
    """Of one part. Another's may begin and end within it."""

    def __init__(self, model: LeanModel, weights: list[nn.Parameter]) -> None:
        self._model = model
        self._weights = weights
        self._before: list[list[Tensor]] = []

    def begin(self, *_: Any) -> None:
        self._before.append([parameter.data for parameter in self._weights])
        for parameter in self._weights:
            parameter.data = self._model.read(parameter)

    def end(self, *_: Any) -> None:
        for parameter, before in zip(self._weights, self._before.pop(), strict=True):
            parameter.data = before


def _stored_precision(folder: Path) -> str:
    """In which weights stay in their files; fp32 where they are stored in more than one format."""
    stored = {entry.dtype for shard in find_shards(folder) for entry in read_header(shard).values()}
    return _PRECISIONS.get(stored.pop(), "fp32") if len(stored) == 1 else "fp32"


def _parts(network: nn.Module) -> Iterator[nn.Module]:
    """What computes as a whole: each decoder layer, and what stands before and after them."""
    lists = [module for module in network.modules() if isinstance(module, nn.ModuleList)]
    layers = max(lists, key=lambda one: sum(own.numel() for own in one.parameters()), default=network)
    return _parts_around(network, layers)


def _parts_around(module: nn.Module, layers: nn.Module) -> Iterator[nn.Module]:
    for child in module.children():
        if layers in set(child.modules()) or isinstance(child, nn.ModuleList | nn.ModuleDict):
            yield from _parts_around(child, layers)
        else:
            yield child


def _hollow(parameter: nn.Parameter, number: float) -> None:
    parameter.data = torch.full((), number, dtype=torch.float32).expand(parameter.shape)


def _widen_buffers(network: Any) -> None:
    """Work out anew in fp32 what a model works out from its config, and keeps in the format that it was loaded in."""
    narrow = {name for name, buffer in network.named_buffers() if buffer.dtype in (torch.bfloat16, torch.float16)}
    if not narrow:
        return
    with torch.device("meta"):
        outline = type(network)(network.config)
    for place, name in (full.rsplit(".", 1) for full in narrow):
        module = outline.get_submodule(place)
        wide = torch.empty_like(getattr(module, name), dtype=torch.float32, device="cpu")
        setattr(module, name, wide)
        setattr(network.get_submodule(place), name, wide)
    for module in reversed(list(outline.modules())):
        outline._init_weights(module)
