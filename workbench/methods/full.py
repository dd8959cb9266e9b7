"""Full fine-tuning: every weight of the model is trained."""

from workbench.config.inside import FullSettings
from workbench.methods.base import rate_by_size
from workbench.methods.inside import InsideModel, Shapes
from workbench.models.facts import ModelFacts


class Full(InsideModel):
    label = "Full fine-tuning"
    trade_off = "Trains every weight: can learn the most, forgets the most, and takes many times the memory."

    def chosen(self, settings: FullSettings, shapes: Shapes, facts: ModelFacts) -> list[str]:
        return list(shapes)

    def learning_rate(self, parameters: int) -> float:
        return rate_by_size(parameters, 0.1)
