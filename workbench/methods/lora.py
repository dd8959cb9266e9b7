"""LoRA: a low-rank update B·A beside each frozen weight (Hu et al. 2021, arXiv:2106.09685), through stock PEFT."""

import math
from typing import TYPE_CHECKING

from workbench.config.methods import LoraSettings
from workbench.methods import targets
from workbench.models.facts import ModelFacts

if TYPE_CHECKING:
    from peft import PeftModel
    from transformers import PreTrainedModel


class Lora:
    label = "LoRA"
    trade_off = "Trains a small addition beside the frozen model: quick, light, and easy to take off again."
    packs = True

    def learning_rate(self, parameters: int) -> float:
        """2e-4 for models of a billion parameters and more; small models want larger steps.

        Between 7 million (3e-3, found by trial on the starter) and a billion it falls evenly on a log scale.
        """
        small, large = (7e6, 3e-3), (1e9, 2e-4)
        share = (math.log(parameters) - math.log(small[0])) / (math.log(large[0]) - math.log(small[0]))
        share = min(1.0, max(0.0, share))
        rate = small[1] * (large[1] / small[1]) ** share
        return float(f"{rate:.1e}")

    def trainable(self, settings: LoraSettings, facts: ModelFacts) -> int:
        """rank · (in + out) for each chosen layer (section 4.1 of the paper)."""
        chosen = targets.choose(settings.target_modules, facts.linear_shapes)
        return sum(settings.rank * sum(facts.linear_shapes[name]) for name in chosen)

    def apply(self, model: "PreTrainedModel", settings: LoraSettings, facts: ModelFacts) -> "PeftModel":
        from peft import LoraConfig, get_peft_model

        chosen = targets.choose(settings.target_modules, facts.linear_shapes)
        config = LoraConfig(
            r=settings.rank,
            lora_alpha=float(settings.alpha),  # type: ignore[arg-type]  # PEFT takes fractions too
            lora_dropout=settings.dropout,
            target_modules=targets.suffixes(chosen, facts.linear_shapes),
            task_type="CAUSAL_LM",
        )
        return get_peft_model(model, config)
