"""The last layers: what stands nearest to the answer is trained, the rest of the model stays as it is."""

from workbench.config.inside import LastLayersSettings
from workbench.errors import SettingError
from workbench.methods.base import rate_by_size
from workbench.methods.inside import InsideModel, Shapes, layer_of
from workbench.models.facts import ModelFacts

_HEADS = ("lm_head", "embed_out")


class LastLayers(InsideModel):
    label = "Last layers"
    trade_off = "Trains the layers nearest to the answer: cheaper than all, and the early ones stay as they were."

    def chosen(self, settings: LastLayersSettings, shapes: Shapes, facts: ModelFacts) -> list[str]:
        if settings.trained_layers > facts.layers:
            told = f"The model has {facts.layers} layers, so the last {settings.trained_layers} cannot be trained."
            raise SettingError("method.trained_layers", told, f"Choose {facts.layers} or fewer.")
        first = facts.layers - settings.trained_layers
        last = [name for name in shapes if layer_of(name) in range(first, facts.layers)]
        norms = _final_norms(shapes) if settings.final_norm else []
        return last + norms + (_output_layer(shapes, facts) if settings.output_layer else [])

    def learning_rate(self, parameters: int) -> float:
        return rate_by_size(parameters, 0.3)


def _final_norms(shapes: Shapes) -> list[str]:
    return [name for name in _outside(shapes) if len(shapes[name]) == 1 and not _is_head(name)]


def _output_layer(shapes: Shapes, facts: ModelFacts) -> list[str]:
    """Where a model has none of its own, it is the embedding."""
    outside = _outside(shapes)
    own = [name for name in outside if _is_head(name)]
    return own or [name for name in outside if shapes[name] == (facts.vocabulary, facts.hidden_size)]


def _outside(shapes: Shapes) -> list[str]:
    return [name for name in shapes if layer_of(name) is None]


def _is_head(name: str) -> bool:
    return name.split(".")[0] in _HEADS
