"""Changed weights that take the place of a model's own for as long as they answer."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file

from workbench.errors import ModelError
from workbench.jobs.files import read_json
from workbench.methods.changed_weights import ABOUT, WEIGHTS

Parameters = Mapping[str, torch.nn.Parameter]


class Swap:
    """The other values of some parameters. Only these are in memory twice, since two answers are written by turns."""

    def __init__(self, others: list[tuple[torch.nn.Parameter, torch.Tensor]]) -> None:
        self._others = others

    @contextmanager
    def in_place(self) -> Iterator[None]:
        """Within this the parameters have the other values, and after it their own: nothing is copied."""
        self._exchange()
        try:
            yield
        finally:
            self._exchange()

    def at(self, strength: float) -> "Swap":
        """The same, so many times as far from what the parameters are now."""
        others = [(own, torch.lerp(own.data.float(), other.float(), strength)) for own, other in self._others]
        return Swap([(own, mixed.to(own.dtype)) for own, mixed in others])

    def _exchange(self) -> None:
        for place, (parameter, other) in enumerate(self._others):
            self._others[place] = parameter, parameter.data
            parameter.data = other


def read_swap(folder: Path, fingerprint: str, parameters: Parameters) -> Swap:
    """The changed weights in `folder` for a model of this fingerprint.

    Raises ModelError if they are damaged, or belong to another model.
    """
    if read_json(folder / ABOUT).get("base", {}).get("fingerprint") != fingerprint:
        raise ModelError("These weights were changed in another model, or this one has changed since.", "Train again.")
    try:
        found = load_file(folder / WEIGHTS)
    except (OSError, SafetensorError) as error:
        raise ModelError(f"{WEIGHTS} cannot be read: {error}.", "Train again.") from error
    for name, tensor in found.items():
        _check(name, tensor, parameters)
    return Swap([(parameters[name], _fitted(tensor, parameters[name])) for name, tensor in found.items()])


def _check(name: str, tensor: torch.Tensor, parameters: Parameters) -> None:
    if name not in parameters or parameters[name].shape != tensor.shape:
        raise ModelError(f"{name} in {WEIGHTS} does not fit this model.", "Train again.")
    if not bool(tensor.isfinite().all()):
        raise ModelError(f"{name} in {WEIGHTS} holds values that are no numbers.", "Train again.")


def _fitted(tensor: torch.Tensor, own: torch.nn.Parameter) -> torch.Tensor:
    """As the model holds its own; where they are held alike, the file is mapped and not copied."""
    return tensor.to(own.device, own.dtype)
