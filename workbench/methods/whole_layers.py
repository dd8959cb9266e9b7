"""The embedding and the output layer, which an adapter may hold as a whole: for new words, or another language."""

import difflib
import math
from typing import TYPE_CHECKING, Any

from workbench.errors import SettingError
from workbench.methods.targets import split
from workbench.models.facts import ModelFacts

if TYPE_CHECKING:
    import torch
    from peft import PeftModel

SETTING = "method.modules_to_save"


def whole_layers(facts: ModelFacts) -> dict[str, int]:
    """Those that a model has by their last names, and how many numbers each holds."""
    found: dict[str, int] = {}
    for name, shape in facts.shapes.items():
        module, _, kind = name.rpartition(".")
        outside = not any(part.isdigit() for part in module.split("."))
        if outside and kind == "weight" and len(shape) == 2 and shape[0] == facts.vocabulary:
            bias = facts.shapes.get(f"{module}.bias", (0,))
            found[module.rpartition(".")[2]] = math.prod(shape) + math.prod(bias)
    # A head that is tied to the embedding is stored nowhere, and is as large.
    return found | {head: max(found.values()) for head in facts.names_by_role["head"] if found and head not in found}


def choose(wanted: str, facts: ModelFacts) -> dict[str, int]:
    """The wanted ones. Raises SettingError, with what there is, for a name that the model lacks."""
    names = split(wanted)
    there = whole_layers(facts) if names else {}
    for name in names:
        if name not in there:
            near = difflib.get_close_matches(name, there, n=1, cutoff=0.4) or list(there)
            sentence = f"This model has no embedding or output layer called {name}."
            raise SettingError(SETTING, sentence, f"It has {', '.join(near)}.")
    return {name: there[name] for name in names}


def hold_in_full(adapted: "PeftModel") -> None:
    """Small steps would be lost in 16 bits; what follows such a layer is given what it is used to."""
    from peft.utils import ModulesToSaveWrapper

    usual: Any = adapted.get_base_model().dtype

    def as_usual(layer: "torch.nn.Module", given: object, answer: "torch.Tensor") -> "torch.Tensor":
        return answer.to(usual)

    for module in adapted.modules():
        if isinstance(module, ModulesToSaveWrapper):
            module.modules_to_save["default"].float().register_forward_hook(as_usual)
