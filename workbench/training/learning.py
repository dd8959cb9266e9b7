"""What of a model learns by each method, as far as memory depends on it. No torch."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from workbench.config.methods import MethodSettings
from workbench.errors import SettingError
from workbench.memory.kept import BESIDE, Learning
from workbench.methods import targets
from workbench.methods.beside import Layer, chosen_with_experts
from workbench.methods.ranks import rank_of_each
from workbench.models.facts import ModelFacts


@lru_cache(maxsize=64)
def learning_of(settings: MethodSettings, facts: ModelFacts) -> Learning:
    """As of plain adapters where the settings do not suit the model, which `problems` tells."""
    try:
        return _LEARNING[settings.name](settings, facts)
    except SettingError:
        return BESIDE


def _inside(settings: Any, facts: ModelFacts) -> Learning:
    return Learning("inside")


def _last_layers(settings: Any, facts: ModelFacts) -> Learning:
    return Learning("inside", layers=min(settings.trained_layers, facts.layers))


def _norms(settings: Any, facts: ModelFacts) -> Learning:
    """A norm that learns keeps what it scales."""
    return Learning("around", numbers=2 * facts.hidden_size * facts.layers)


def _before(settings: Any, facts: ModelFacts) -> Learning:
    return Learning("around")


def _lora(settings: Any, facts: ModelFacts) -> Learning:
    """DoRA multiplies what a layer gives, and what its adapter adds, by a length that learns."""
    layers = chosen_with_experts(settings, facts)
    ranks = sum(rank_of_each(settings, [layer.name for layer in layers]).values())
    scaled = 2 * sum(layer.outputs for layer in layers) if getattr(settings, "use_dora", False) else 0
    return Learning("beside", ranks=ranks, numbers=scaled)


def _one_rank(settings: Any, facts: ModelFacts) -> Learning:
    return Learning("beside", ranks=settings.rank * len(chosen_with_experts(settings, facts)))


def _adalora(settings: Any, facts: ModelFacts) -> Learning:
    """Each adapter is three factors, not two."""
    return Learning("beside", ranks=2 * settings.rank_at_start * len(chosen_with_experts(settings, facts)))


def _vera(settings: Any, facts: ModelFacts) -> Learning:
    """Only factors learn, each of which keeps what it scales."""
    layers = chosen_with_experts(settings, facts)
    return Learning("around", numbers=sum(2 * settings.projection_rank + layer.outputs for layer in layers))


def _ia3(settings: Any, facts: ModelFacts) -> Learning:
    def scaled(layer: Layer) -> int:
        return layer.inputs if targets.is_feed_forward(layer.name) else layer.outputs

    return Learning("around", numbers=sum(map(scaled, chosen_with_experts(settings, facts))))


def _made_anew(settings: Any, facts: ModelFacts) -> Learning:
    """What is added to a weight is made as a whole matrix, from two as large where they are multiplied."""
    times = 3 if settings.name == "loha" else 1
    layers = chosen_with_experts(settings, facts)
    return Learning("beside", matrices=times * sum(layer.outputs * layer.inputs for layer in layers))


def _oft(settings: Any, facts: ModelFacts) -> Learning:
    """Inputs are kept as they were, and turned."""
    return Learning("beside", numbers=2 * sum(layer.inputs for layer in chosen_with_experts(settings, facts)))


def _bottleneck(settings: Any, facts: ModelFacts) -> Learning:
    places = (2 if settings.placement == "houlsby" else 1) * facts.layers
    inner = facts.hidden_size // settings.reduction_factor
    return Learning("around", numbers=places * (facts.hidden_size + 2 * inner))


_LEARNING: dict[str, Callable[[Any, ModelFacts], Learning]] = {
    "lora": _lora,
    "adalora": _adalora,
    "vera": _vera,
    "loha": _made_anew,
    "lokr": _made_anew,
    "oft": _oft,
    "ia3": _ia3,
    "bottleneck": _bottleneck,
    "prefix_tuning": _before,
    "p_tuning": _before,
    "prompt_tuning": _before,
    "lora_prefix": _one_rank,
    "full": _inside,
    "last_layers": _last_layers,
    "norms": _norms,
}
