"""Methods that put trained words before the text, through stock PEFT. The model itself stays as it is."""

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

from workbench.methods.base import SavedAs
from workbench.methods.peft_folder import PeftFolder
from workbench.methods.regimen import Regimen
from workbench.models.facts import ModelFacts
from workbench.models.quantization import Quantization

if TYPE_CHECKING:
    from peft import PeftConfig, PeftModel
    from transformers import PreTrainedModel


class BeforeText(ABC):
    """A method tells how many numbers its words are made of, and how PEFT calls it."""

    label: str
    trade_off: str
    packs = False
    checkpoints = True
    extends = True
    saved_as: SavedAs = PeftFolder()

    @property
    def no_strength(self) -> str:
        return f"{self.label} puts trained words before the text; there is nothing to turn down."

    @abstractmethod
    def peft_config(self, settings: Any, facts: ModelFacts) -> "PeftConfig":
        """How PEFT puts its words before this model's text."""

    @abstractmethod
    def trainable(self, settings: Any, facts: ModelFacts) -> int:
        """How many parameters are trained."""

    @abstractmethod
    def learning_rate(self, parameters: int) -> float:
        """Words need far larger steps than weights."""

    def refuses(self, settings: Any, facts: ModelFacts, quantization: Quantization) -> str | None:
        return None

    def kept(self, settings: Any, facts: ModelFacts) -> int:
        return self.trainable(settings, facts)

    def apply(self, model: "PreTrainedModel", settings: Any, facts: ModelFacts) -> "PeftModel":
        from peft import get_peft_model

        return get_peft_model(model, self.peft_config(settings, facts))  # type: ignore[return-value]

    def regimen(self, model: "PeftModel", settings: Any, steps: int) -> Regimen:
        return Regimen()
