"""Norms and biases: the few numbers of a model that scale and shift, in the way of BitFit (arXiv:2106.10199)."""

from workbench.config.inside import NormsSettings
from workbench.methods.base import rate_by_size
from workbench.methods.inside import InsideModel, Shapes
from workbench.models.facts import ModelFacts
from workbench.models.quantization import Quantization


class Norms(InsideModel):
    label = "Norms and biases"
    trade_off = "Trains only the numbers that scale and shift: a tiny file, for manners rather than for facts."

    def refuses(self, settings: NormsSettings, facts: ModelFacts, quantization: Quantization) -> str | None:
        """These numbers are never quantised."""
        return None

    def chosen(self, settings: NormsSettings, shapes: Shapes, facts: ModelFacts) -> list[str]:
        """They are what has one dimension."""
        return [name for name, shape in shapes.items() if len(shape) == 1]

    def learning_rate(self, parameters: int) -> float:
        return rate_by_size(parameters, 25.0)
