"""The embedding and the output layer, which an adapter from elsewhere may hold as a whole."""

from collections.abc import Sequence

from workbench.errors import AdapterError
from workbench.methods.whole_layers import whole_layers
from workbench.models.facts import ModelFacts
from workbench.training.importing.forms import PREFIX, Shape


def whole_tensors(names: Sequence[str], model: ModelFacts) -> dict[str, Shape]:
    """What an adapter holds that has these layers as a whole. Raises AdapterError for a layer of another kind."""
    known = whole_layers(model) if names else {}
    if unknown := next((name for name in names if name not in known), ""):
        told = f"adapter_config.json says that {unknown[:80]} is in this adapter as a whole."
        raise AdapterError(told, f"Only {', '.join(known) or 'no layer'} of {model.name} can be.")
    return {key: shape for name in names for key, shape in _tensors(name, model).items()}


def _tensors(name: str, model: ModelFacts) -> dict[str, Shape]:
    """A head that is tied to the embedding is stored nowhere in the model, and is as large."""
    modules = [module for module, _, kind in (key.rpartition(".") for key in model.shapes) if kind == "weight"]
    module = next((one for one in modules if one.rpartition(".")[2] == name), name)
    stored = {f"{PREFIX}{module}.{part}": model.shapes.get(f"{module}.{part}") for part in ("weight", "bias")}
    found = {key: tuple(shape) for key, shape in stored.items() if shape}
    return found or {f"{PREFIX}{name}.weight": (model.vocabulary, model.hidden_size)}
