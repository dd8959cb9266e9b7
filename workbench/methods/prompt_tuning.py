"""Prompt tuning: trained word vectors before the text (Lester et al. 2021, arXiv:2104.08691), through stock PEFT."""

from typing import TYPE_CHECKING, Any

from workbench.config.before import PromptTuningSettings
from workbench.methods.before import BeforeText
from workbench.models.facts import ModelFacts

if TYPE_CHECKING:
    from peft import PeftConfig, PeftModel
    from transformers import PreTrainedModel


class PromptTuning(BeforeText):
    label = "Prompt tuning"
    trade_off = "Trains an invented introduction and nothing else: the smallest files; weak on small models."

    def learning_rate(self, parameters: int) -> float:
        return 3e-2

    def trainable(self, settings: PromptTuningSettings, facts: ModelFacts) -> int:
        return settings.virtual_tokens * facts.hidden_size

    def peft_config(self, settings: PromptTuningSettings, facts: ModelFacts) -> "PeftConfig":
        from peft import PromptTuningConfig

        return PromptTuningConfig(
            task_type="CAUSAL_LM", num_virtual_tokens=settings.virtual_tokens, prompt_tuning_init="SAMPLE_VOCAB"
        )

    def apply(self, model: "PreTrainedModel", settings: PromptTuningSettings, facts: ModelFacts) -> "PeftModel":
        adapted = super().apply(model, settings, facts)
        if settings.init_text:
            _begin_with(adapted, settings.init_text, facts)
        return adapted


def _begin_with(adapted: "PeftModel", text: str, facts: ModelFacts) -> None:
    """The words of a text, over and over, as PEFT does it; which writes the tokenizer's folder into the adapter."""
    import torch

    from workbench.models.tokenizer import load_tokenizer

    words = load_tokenizer(facts.path)(text, add_special_tokens=False)["input_ids"]
    encoders: Any = adapted.prompt_encoder
    base: Any = adapted.get_base_model()
    trained = encoders["default"].embedding.weight
    ids = (words * len(trained))[: len(trained)]
    with torch.no_grad():
        trained.copy_(base.get_input_embeddings()(torch.tensor(ids, device=trained.device)))
