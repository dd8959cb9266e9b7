"""Bottleneck adapter layers: small networks that stand between a model's own.

After attention and after the feed-forward part of each block (Houlsby et al. 2019, arXiv:1902.00751), or after the
latter alone (Pfeiffer et al. 2020, arXiv:2005.00247). The tuner that makes them is `bottleneck_tuner`.
"""

from typing import TYPE_CHECKING

from workbench.config.methods import BottleneckSettings
from workbench.errors import SettingError
from workbench.methods.base import SavedAs, rate_by_size
from workbench.methods.peft_folder import PeftFolder
from workbench.methods.places import ATTENTION, FEED_FORWARD, ends
from workbench.methods.regimen import Regimen
from workbench.models.facts import ModelFacts
from workbench.models.quantization import Quantization

if TYPE_CHECKING:
    from peft import PeftModel
    from transformers import PreTrainedModel

_RATE_TIMES = 3.0
"""Its learning rate as a multiple of LoRA's, found by trial on the starter."""

_PARTS = {"houlsby": (ATTENTION, FEED_FORWARD), "pfeiffer": (FEED_FORWARD,)}


class Bottleneck:
    label = "Bottleneck layers"
    trade_off = "Puts small networks between the model's own: learns much, and cannot be merged into the weights."
    packs = True
    checkpoints = True
    extends = True
    saved_as: SavedAs = PeftFolder()
    no_strength = ""

    def refuses(self, settings: BottleneckSettings, facts: ModelFacts, quantization: Quantization) -> str | None:
        for part in _PARTS[settings.placement]:
            if ends(part, facts) is None:
                return f"{self.label} need to know where the {part} of {facts.architecture} ends."
        return None

    def learning_rate(self, parameters: int) -> float:
        return rate_by_size(parameters, _RATE_TIMES)

    def trainable(self, settings: BottleneckSettings, facts: ModelFacts) -> int:
        """2md + d + m for each layer (section 2.1 of Houlsby et al.): d numbers are led to m and back."""
        outer = facts.hidden_size
        inner = _inner(settings, facts)
        return len(_chosen(settings, facts)) * (2 * inner * outer + outer + inner)

    def kept(self, settings: BottleneckSettings, facts: ModelFacts) -> int:
        return self.trainable(settings, facts)

    def apply(self, model: "PreTrainedModel", settings: BottleneckSettings, facts: ModelFacts) -> "PeftModel":
        from peft import get_peft_model

        from workbench.methods.bottleneck_tuner import BottleneckConfig

        config = BottleneckConfig(
            target_modules=_chosen(settings, facts),
            outer=facts.hidden_size,
            inner=_inner(settings, facts),
            activation=settings.activation,
            task_type="CAUSAL_LM",
        )
        return get_peft_model(model, config)  # type: ignore[return-value]

    def regimen(self, model: "PeftModel", settings: BottleneckSettings, steps: int) -> Regimen:
        return Regimen()


def _inner(settings: BottleneckSettings, facts: ModelFacts) -> int:
    factor, outer = settings.reduction_factor, facts.hidden_size
    if factor > outer:
        sentence = f"A model {outer} wide cannot be made {factor} times narrower."
        raise SettingError("method.reduction_factor", sentence, f"Take {outer} or less.")
    return outer // factor


def _chosen(settings: BottleneckSettings, facts: ModelFacts) -> list[str]:
    return [name for part in _PARTS[settings.placement] for name in ends(part, facts) or ()]
