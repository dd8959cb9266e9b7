"""Prefix tuning: trained keys and values before the text in every layer (Li and Liang 2021, arXiv:2101.00190)."""

from typing import TYPE_CHECKING

from workbench.config.before import PrefixTuningSettings
from workbench.methods.before import BeforeText
from workbench.models.facts import ModelFacts
from workbench.models.quantization import Quantization

if TYPE_CHECKING:
    from peft import PeftConfig


class PrefixTuning(BeforeText):
    label = "Prefix tuning"
    trade_off = "An invented introduction that every layer reads: stronger than prompt tuning, and still very light."
    checkpoints = False

    def refuses(self, settings: PrefixTuningSettings, facts: ModelFacts, quantization: Quantization) -> str | None:
        if not facts.key_value_width:
            return f"{self.label} goes before the keys of attention; {facts.architecture} keeps none of the usual form."
        return super().refuses(settings, facts, quantization)

    def learning_rate(self, parameters: int) -> float:
        return 5e-2

    def trainable(self, settings: PrefixTuningSettings, facts: ModelFacts) -> int:
        """A key and a value for each word in each layer."""
        return settings.virtual_tokens * facts.layers * 2 * facts.key_value_width

    def peft_config(self, settings: PrefixTuningSettings, facts: ModelFacts) -> "PeftConfig":
        """PEFT takes the widths from the config, where those of shared heads go by several names."""
        from peft import PrefixTuningConfig

        return PrefixTuningConfig(
            task_type="CAUSAL_LM",
            num_virtual_tokens=settings.virtual_tokens,
            token_dim=facts.key_value_width,
            num_attention_heads=facts.key_value_width // facts.head_size,
        )
