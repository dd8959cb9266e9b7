"""Prefix tuning: trained keys and values before the text in every layer (Li and Liang 2021, arXiv:2101.00190)."""

from typing import TYPE_CHECKING

from workbench.config.methods import PrefixTuningSettings
from workbench.methods.before import BeforeText
from workbench.models.facts import ModelFacts

if TYPE_CHECKING:
    from peft import PeftConfig


class PrefixTuning(BeforeText):
    label = "Prefix tuning"
    trade_off = "An invented introduction that every layer reads: stronger than prompt tuning, and still very light."
    checkpoints = False

    def learning_rate(self, parameters: int) -> float:
        return 5e-2

    def trainable(self, settings: PrefixTuningSettings, facts: ModelFacts) -> int:
        """A key and a value for each word in each layer."""
        return settings.virtual_tokens * facts.layers * 2 * facts.key_value_width

    def peft_config(self, settings: PrefixTuningSettings) -> "PeftConfig":
        from peft import PrefixTuningConfig

        return PrefixTuningConfig(task_type="CAUSAL_LM", num_virtual_tokens=settings.virtual_tokens)
