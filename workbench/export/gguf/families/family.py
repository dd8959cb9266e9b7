"""What a family of models is in a GGUF file: what it and its tensors are called there, how they lie, what it tells."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from workbench.errors import ModelError

INSTEAD = "Take the adapter or the merged model of the run instead."

Values = dict[str, Any]
"""What a GGUF file says of a model, by keys that the name of its family is put before."""

_NUMBER = re.compile(r"\.(\d+)\.")


@dataclass(frozen=True)
class Family:
    architecture: str
    """As GGUF calls it."""
    names: Mapping[str, str]
    """What transformers calls a module, and GGUF its tensors; {} stands for the number of a block."""
    describe: Callable[[Any], Values]
    """From a model's config. Raises ModelError for one that has no counterpart in GGUF."""
    arranged: Mapping[str, Callable[[Any, Any], Any]] = field(default_factory=dict)
    """What becomes of the tensors of a module, by its name in `names`, given the config; others stay as they are."""
    ordered: Mapping[str, Callable[[Any, Any], Any]] = field(default_factory=dict)
    """The same of those whose outputs only come in another order, so do those of what is added to them."""
    added: Callable[[Any], dict[str, list[float]]] = lambda config: {}
    """Tensors that the model's files do not hold, for they follow from its config."""
    activation: str = "silu"
    """The only one that programs compute with; also what an own name for it in a config means."""

    def rename(self, name: str) -> str:
        """What a parameter is called in a GGUF file."""
        module, _, kind = name.rpartition(".")
        return f"{self.rename_module(module)}.{kind}"

    def rename_module(self, module: str) -> str:
        """Raises ModelError for one that the family has no place for."""
        pattern, number = _pattern(module)
        if pattern not in self.names:
            raise ModelError(f"A GGUF file of this kind of model has no place for its {module}.", INSTEAD)
        return self.names[pattern].replace("{}", number)

    def arrange(self, name: str, tensor: Any, config: Any) -> Any:
        """A parameter as it lies in a GGUF file."""
        module = name.rpartition(".")[0]
        arrange = self.arranged.get(_pattern(module)[0])
        return arrange(tensor, config) if arrange else self.order(module, tensor, config)

    def order(self, module: str, tensor: Any, config: Any) -> Any:
        """What is of a module's outputs, in the order that they have in a GGUF file."""
        order = self.ordered.get(_pattern(module)[0])
        return order(tensor, config) if order else tensor


def _pattern(module: str) -> tuple[str, str]:
    found = _NUMBER.search(module)
    return (module.replace(found[0], ".{}.", 1), found[1]) if found else (module, "")
