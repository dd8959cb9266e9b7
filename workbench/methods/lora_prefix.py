"""LoRA and prefix tuning together: one changes how the model works, the other what stands before every text.

PEFT holds one kind of adapter at a time, so they are kept as two, `adapter/lora` and `adapter/prefix`.
"""

from typing import TYPE_CHECKING, Any

from workbench.config.before import PrefixTuningSettings
from workbench.config.methods import LoraPrefixSettings, LoraSettings
from workbench.methods.base import SavedAs, rate_by_size
from workbench.methods.lora import Lora
from workbench.methods.peft_folder import PeftFolders
from workbench.methods.prefix_tuning import PrefixTuning
from workbench.methods.regimen import Regimen
from workbench.models.facts import ModelFacts
from workbench.models.quantization import Quantization

if TYPE_CHECKING:
    from peft import PeftModel
    from transformers import PreTrainedModel

_LORA, _PREFIX = Lora(), PrefixTuning()


class LoraPrefix:
    label = "LoRA and prefix"
    trade_off = "LoRA with an invented introduction that every layer reads: a little more than LoRA alone can do."
    packs = False
    checkpoints = False
    extends = True
    saved_as: SavedAs = PeftFolders("lora", "prefix")
    no_strength = "The prefix before the text cannot be turned down, and its LoRA was trained to go with it."

    def refuses(self, settings: LoraPrefixSettings, facts: ModelFacts, quantization: Quantization) -> str | None:
        lora, prefix = _parts(settings)
        return _LORA.refuses(lora, facts, quantization) or _PREFIX.refuses(prefix, facts, quantization)

    def learning_rate(self, parameters: int) -> float:
        return rate_by_size(parameters)

    def trainable(self, settings: LoraPrefixSettings, facts: ModelFacts) -> int:
        lora, prefix = _parts(settings)
        return _LORA.trainable(lora, facts) + _PREFIX.trainable(prefix, facts)

    def kept(self, settings: LoraPrefixSettings, facts: ModelFacts) -> int:
        return self.trainable(settings, facts)

    def apply(self, model: "PreTrainedModel", settings: LoraPrefixSettings, facts: ModelFacts) -> "PeftModel":
        from workbench.methods.both import WithPrefix

        lora, prefix = _parts(settings)
        return WithPrefix(model, _LORA.config_for(lora, facts), _PREFIX.peft_config(prefix, facts))

    def regimen(self, model: Any, settings: LoraPrefixSettings, steps: int) -> Regimen:
        return Regimen()


def _parts(settings: LoraPrefixSettings) -> tuple[LoraSettings, PrefixTuningSettings]:
    """What each of the two would be asked for alone."""
    lora = LoraSettings(
        rank=settings.rank,
        alpha=settings.alpha,
        target_modules=settings.target_modules,
        layers=settings.layers,
    )
    return lora, PrefixTuningSettings(virtual_tokens=settings.virtual_tokens)
