"""The tensors of a tuned model as they stand in a GGUF file, one at a time: never the whole model in memory."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from transformers import AutoConfig

from workbench.errors import ModelError
from workbench.export.changes import Change
from workbench.export.gguf.families.family import INSTEAD
from workbench.export.gguf.families.table import family_of
from workbench.export.merged_tensors import MergedTensors
from workbench.models.tokenizer import SAFE

_ACTIVATIONS = ("hidden_act", "hidden_activation", "activation_function")

Numbers = NDArray[np.float32]


class GgufTensors:
    """Of the model in a folder, with changes put in. Raises ModelError for one that cannot be told in GGUF."""

    def __init__(self, model: Path, changes: list[Change]) -> None:
        self.family = family_of(model)
        self.config: Any = AutoConfig.from_pretrained(model, **SAFE)
        self._check_activation()
        self._merged = MergedTensors(model, changes)
        self._added = self.family.added(self.config)
        self.shapes = {name: (len(numbers),) for name, numbers in self._added.items()} | dict(self._arranged_shapes())

    def describe(self) -> dict[str, Any]:
        """What a file says of the model. Raises ModelError for a config that has no counterpart in GGUF."""
        told = self.family.describe(self.config)
        return {f"{self.family.architecture}.{key}": value for key, value in told.items()}

    def __iter__(self) -> Iterator[tuple[str, Numbers]]:
        """Each under its name in GGUF, in the order of `shapes`."""
        for name, numbers in self._added.items():
            yield name, np.array(numbers, np.float32)
        for name, tensor in self._merged:
            yield self.family.rename(name), self._arrange(name, tensor).contiguous().numpy()

    def _arranged_shapes(self) -> Iterator[tuple[str, tuple[int, ...]]]:
        for name, shape in self._merged.shapes.items():
            yield self.family.rename(name), tuple(self._arrange(name, torch.empty(shape, device="meta")).shape)

    def _arrange(self, name: str, tensor: Tensor) -> Tensor:
        arranged: Tensor = self.family.arrange(name, tensor, self.config)
        return arranged

    def _check_activation(self) -> None:
        named = next(str(getattr(self.config, name)) for name in _ACTIVATIONS if getattr(self.config, name, None))
        if named != self.family.activation:
            raise ModelError(f"Its layers use “{named}”, which GGUF has no word for in this kind of model.", INSTEAD)
