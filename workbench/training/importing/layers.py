"""Which layers of a model an adapter from elsewhere stands beside: by their names, or by the tensors it holds."""

import re
from collections.abc import Iterable

from workbench.errors import AdapterError
from workbench.methods import targets
from workbench.models.facts import ModelFacts
from workbench.training.importing.description import Description
from workbench.training.importing.forms import PREFIX, Form

_ALL = "all-linear"
_NUMBER = re.compile(r"(?<![^.])\d+(?![^.])")


def find_layers(said: Description, stored: Iterable[str], model: ModelFacts) -> list[str]:
    """Full names, in the order in which the model has them; none for a method that stands beside no layer.

    Raises AdapterError for a name that the model lacks.
    """
    if said.form.parts is None:
        return []
    chosen = _chosen(said, stored, model)
    layers = [name for name in model.linear_shapes if name in chosen and _is_in(name, said.numbered)]
    _check_feed_forward(said, layers, model)
    return layers


def layer_of(key: str, form: Form) -> str:
    """The layer that a tensor of this name stands beside; empty for a name that no such adapter gives."""
    layer, found, _ = key.removeprefix(PREFIX).partition(f".{form.marker}")
    return layer if found and form.marker and key.startswith(PREFIX) else ""


def foreign_layer(key: str, layer: str, model: ModelFacts) -> AdapterError:
    """What to say of a tensor that stands beside a layer which the model lacks."""
    held = key.removeprefix(PREFIX)
    told = f"This adapter is for another model: it holds {held}, and {model.name} has no layer {layer} to tune."
    return AdapterError(told, "Choose the model that it was made for.")


def _chosen(said: Description, stored: Iterable[str], model: ModelFacts) -> set[str]:
    if said.layers == _ALL:
        return set(targets.choose(_ALL, model.linear_shapes))
    stands = {key: layer_of(key, said.form) for key in stored}
    if isinstance(said.layers, str):
        return set(stands.values())
    if foreign := next((key for key, layer in stands.items() if layer and layer not in model.linear_shapes), ""):
        raise foreign_layer(foreign, stands[foreign], model)
    return _named(said.layers, model)


def _named(names: Iterable[str], model: ModelFacts) -> set[str]:
    """The layers that are called so, or whose names end so."""
    by_ending: dict[str, list[str]] = {}
    for layer in model.linear_shapes:
        parts = layer.split(".")
        for start in range(len(parts)):
            by_ending.setdefault(".".join(parts[start:]), []).append(layer)
    if unknown := next((name for name in names if name not in by_ending), None):
        told = f"This adapter is for another model: it stands beside layers called {unknown[:80]}, which {model.name}"
        raise AdapterError(f"{told} lacks, or which cannot be tuned here.", f"{model.name} has {_known(model)}.")
    return {layer for name in names for layer in by_ending[name]}


def _check_feed_forward(said: Description, layers: list[str], model: ModelFacts) -> None:
    """An IA³ adapter says of each layer whether its inputs are weighed; here that follows from the layer's name."""
    if said.form.method != "ia3":
        return
    theirs = _named(said.feed_forward, model)
    if odd := next((name for name in layers if (name in theirs) != targets.is_feed_forward(name)), ""):
        raise AdapterError(f"This adapter weighs {odd} in a way that is not known here.", "Train one here instead.")


def _is_in(layer: str, numbered: frozenset[int]) -> bool:
    number = _NUMBER.search(layer)
    return not numbered or (number is not None and int(number[0]) in numbered)


def _known(model: ModelFacts) -> str:
    return ", ".join(model.linear_names[:8])
