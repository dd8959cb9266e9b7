"""A model with LoRA beside its layers and a prefix before every text, both trained at once through stock PEFT."""

from typing import Any

from peft import PeftConfig, PeftModelForCausalLM


class WithPrefix(PeftModelForCausalLM):
    """As a model it is the one with the prefix; `parts` has each adapter by the name of its folder."""

    def __init__(self, model: Any, lora: PeftConfig, prefix: PeftConfig) -> None:
        inner = PeftModelForCausalLM(model, lora)
        beside = [parameter for parameter in inner.parameters() if parameter.requires_grad]
        super().__init__(model, prefix)
        for parameter in beside:
            parameter.requires_grad_(True)  # a prefix freezes all that it finds
        self.parts = {"lora": inner, "prefix": self}
