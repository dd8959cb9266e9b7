"""What every tuning method can say of itself, and do."""

from typing import TYPE_CHECKING, Any, Protocol

from workbench.models.facts import ModelFacts

if TYPE_CHECKING:
    from peft import PeftModel
    from transformers import PreTrainedModel


class Method(Protocol):
    """One way of tuning. All but `apply` is arithmetic, without torch."""

    label: str
    trade_off: str
    packs: bool
    """Whether examples may stand in one sequence: not where each begins with trained words of the method's own."""

    def learning_rate(self, parameters: int) -> float:
        """A learning rate that suits a model of this many parameters."""

    def trainable(self, settings: Any, facts: ModelFacts) -> int:
        """How many parameters are trained. Raises SettingError for settings the model cannot take."""

    def apply(self, model: "PreTrainedModel", settings: Any, facts: ModelFacts) -> "PeftModel":
        """The model with the method's parameters added, and only those trainable."""
