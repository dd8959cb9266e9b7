"""P-tuning: a small network writes the words before the text (Liu et al. 2021, arXiv:2103.10385), from PEFT."""

from typing import TYPE_CHECKING

from workbench.config.before import PTuningSettings
from workbench.methods.before import BeforeText
from workbench.models.facts import ModelFacts

if TYPE_CHECKING:
    from peft import PeftConfig


class PTuning(BeforeText):
    label = "P-tuning"
    trade_off = "As prompt tuning, with a small network that writes the words together: often learns faster."
    extends = False

    def learning_rate(self, parameters: int) -> float:
        return 1e-2

    def trainable(self, settings: PTuningSettings, facts: ModelFacts) -> int:
        """The words, and a network of three layers from the model's width to the encoder's and back."""
        inside, width = settings.encoder_hidden_size, facts.hidden_size
        network = (width + 1) * inside + (inside + 1) * inside + (inside + 1) * width
        return settings.virtual_tokens * width + network

    def kept(self, settings: PTuningSettings, facts: ModelFacts) -> int:
        """The words, as the network wrote them in the end."""
        return settings.virtual_tokens * facts.hidden_size

    def peft_config(self, settings: PTuningSettings, facts: ModelFacts) -> "PeftConfig":
        from peft import PromptEncoderConfig

        return PromptEncoderConfig(
            task_type="CAUSAL_LM",
            num_virtual_tokens=settings.virtual_tokens,
            encoder_hidden_size=settings.encoder_hidden_size,
        )
