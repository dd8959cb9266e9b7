"""The tensors of a model with what runs changed in it, one layer at a time: never the whole model in memory."""

import math
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import torch
from torch import Tensor

from workbench.errors import ModelError
from workbench.export.changes import Change
from workbench.models.load import load_outline
from workbench.models.stored import StoredTensors


class MergedTensors:
    """Of the model in a folder, with changes put in one on top of the other.

    Raises ModelError where the files of the model do not hold what its config says.
    """

    def __init__(self, model: Path, changes: list[Change]) -> None:
        outline = load_outline(model)
        self.shapes = _own_shapes(outline)
        self._stored = StoredTensors(model)
        self._stored.check(self.shapes)
        self._changes = changes
        _check_known(changes, self.shapes)

    @property
    def elements(self) -> int:
        """Numbers in all of them."""
        return sum(map(math.prod, self.shapes.values()))

    def __iter__(self) -> Iterator[tuple[str, Tensor]]:
        """Each under its name, in fp32, in the order of `shapes`."""
        for module, names in groupby(self.shapes, key=_module_of):
            own = {name.removeprefix(f"{module}."): self._read(name) for name in names}
            for change in self._changes:
                own = change.apply(module, own) if module in change.modules else own
            yield from ((f"{module}.{name}", tensor) for name, tensor in own.items())

    def _read(self, name: str) -> Tensor:
        whole = torch.empty(self.shapes[name], dtype=torch.float32)
        self._stored.read_into(name, whole)
        return whole


def _own_shapes(outline: torch.nn.Module) -> dict[str, tuple[int, ...]]:
    """Of every parameter; those that two layers share are told once."""
    return {name: tuple(parameter.shape) for name, parameter in outline.named_parameters()}


def _module_of(name: str) -> str:
    return name.rpartition(".")[0]


def _check_known(changes: list[Change], shapes: dict[str, tuple[int, ...]]) -> None:
    changed = {module for change in changes for module in change.modules}
    unknown = sorted(changed - set(map(_module_of, shapes)))
    if unknown:
        raise ModelError(f"The run changed {unknown[0]}, which its model does not have.", "Choose another model.")
