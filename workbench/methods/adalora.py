"""AdaLoRA: a budget of ranks, given to the layers that need it most (Zhang et al. 2023, arXiv:2303.10512), from PEFT.

Each update to a weight is P·Λ·Q, as in a singular value decomposition; what matters least is set to zero in Λ.
"""

import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.config.methods import AdaLoraSettings
from workbench.errors import SettingError
from workbench.methods.base import Base, SavedAs
from workbench.methods.beside import BesideLayers, Layer
from workbench.methods.peft_folder import PeftFolder
from workbench.methods.regimen import Regimen
from workbench.models.facts import ModelFacts

if TYPE_CHECKING:
    from peft import PeftConfig, PeftModel
    from transformers import PreTrainedModel


class _Pruned(PeftFolder):
    """A layer may be left with no rank at all, of which PEFT warns as of a file that lost something."""

    def write(self, model: Any, base: Base, folder: Path) -> None:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Adapter .* invalid shape")
            super().write(model, base, folder)


class AdaLora(BesideLayers):
    label = "AdaLoRA"
    trade_off = "LoRA that moves its rank to the layers that need it: more out of a small file, at a little more time."
    extends = False
    saved_as: SavedAs = _Pruned()
    rate_times = 7.0

    def in_layer(self, settings: AdaLoraSettings, layer: Layer) -> int:
        """P, Λ and Q at the rank that all layers begin with: rank · (in + out + 1) (section 3.1 of the paper)."""
        rank = settings.rank_at_start
        if rank <= settings.rank:
            sentence = f"Layers that begin with rank {rank} have nothing to give up for rank {settings.rank}."
            raise SettingError("method.initial_rank", sentence, f"Choose more than {settings.rank}.")
        return rank * (layer.inputs + layer.outputs + 1)

    def kept(self, settings: AdaLoraSettings, facts: ModelFacts) -> int:
        """About: which layers keep more than the rank they all have on average is not known beforehand."""
        return self.trainable(settings, facts) * settings.rank // settings.rank_at_start

    def peft_config(self, settings: AdaLoraSettings, chosen: list[str], endings: list[str]) -> "PeftConfig":
        """PEFT wants to know the number of updates, which is the regimen's affair."""
        from peft import AdaLoraConfig

        return AdaLoraConfig(
            target_r=settings.rank,
            init_r=settings.rank_at_start,
            lora_alpha=float(settings.alpha),  # type: ignore[arg-type]  # PEFT takes fractions too
            orth_reg_weight=settings.orthogonality,
            target_modules=endings,
            task_type="CAUSAL_LM",
            total_step=1,
        )

    def apply(self, model: "PreTrainedModel", settings: AdaLoraSettings, facts: ModelFacts) -> "PeftModel":
        from peft.tuners.adalora.layer import AdaLoraLayer

        adapted = super().apply(model, settings, facts)
        for layer in adapted.modules():
            if isinstance(layer, AdaLoraLayer):
                _mend(layer, is_int8=getattr(model, "is_loaded_in_8bit", False))
        return adapted

    def regimen(self, model: Any, settings: AdaLoraSettings, steps: int) -> Regimen:
        from workbench.methods.rank_budget import RankBudget

        return RankBudget(model, settings, steps)


def _mend(layer: Any, is_int8: bool) -> None:
    """What PEFT divides by is nothing to train; and its 8-bit layer hands fp32 on, which not every layer norm takes."""
    for divisor in layer.ranknum.values():
        divisor.requires_grad_(False)
    if is_int8:
        layer.register_forward_hook(lambda _, given, answer: answer.to(given[0].dtype))
