"""The choice of the layers that get an adapter: roles, then the names that the chosen model has, with their sizes."""

from typing import Any

from workbench.config.fields import settings_of
from workbench.config.run_config import RunConfig
from workbench.methods.offers import Offer, offers
from workbench.methods.whole_layers import SETTING as WHOLE
from workbench.methods.whole_layers import whole_layers
from workbench.models.facts import ModelFacts
from workbench.ui import text
from workbench.ui.choices import Options
from workbench.ui.quantities import short_count

TARGETS = "method.target_modules"

_ALL = "all-linear"


def layer_options(model: ModelFacts) -> dict[str, Options]:
    """What the lists of layers offer for a model, by setting."""
    return {TARGETS: target_options(model), WHOLE: whole_options(model)}


def target_options(model: ModelFacts) -> Options:
    """What the list offers for a model."""
    experts = {name: (rows, columns) for name, (_, rows, columns) in model.expert_shapes.items()}
    return [(_label(offer), offer.name) for offer in offers(model.linear_shapes | experts)]


def whole_options(model: ModelFacts) -> Options:
    """What the list of whole layers offers for a model."""
    return [(text.WHOLE_LAYER.format(name, short_count(size)), name) for name, size in whole_layers(model).items()]


def settled_targets(config: RunConfig, before: RunConfig) -> dict[str, Any]:
    """All layers and some of them is no choice: the one that was made last holds."""
    chosen, last = (_names(each) for each in (config, before))
    if _ALL not in chosen or len(chosen) == 1:
        return {}
    settled = [name for name in chosen if name != _ALL] if _ALL in last else [_ALL]
    return {TARGETS: ", ".join(settled)}


def _names(config: RunConfig) -> list[str]:
    return [name.strip() for name in str(settings_of(config).get(TARGETS, _ALL)).split(",")]


def _label(offer: Offer) -> str:
    sizes = {f"{rows:,} × {columns:,}" for rows, columns in offer.shapes}
    size = sizes.pop() if len(sizes) == 1 else text.SIZES.format(len(sizes))
    return text.TARGET.format(name=text.TARGET_ROLES.get(offer.name, offer.name), count=len(offer.shapes), size=size)
