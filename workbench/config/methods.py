"""The settings of each tuning method. A method: one class here, one file and one row in `workbench/methods`.

What several methods share is declared once, in a class that they have in common.
"""

import math
from typing import Any, Literal

from pydantic import field_validator

from workbench.config.before import PrefixTuningSettings, PromptTuningSettings, PTuningSettings, Worded
from workbench.config.fields import Auto, Section, setting
from workbench.config.inside import FullSettings, LastLayersSettings, NormsSettings

MOST_RANK = 256
MOST_ALPHA = 1024

TAKING_STARTS = ("pissa", "olora")
"""Ways for LoRA to begin that take something out of the model's weights for the time of training."""


class _Ranked(Section):
    rank: int = setting(
        8,
        "Adapter size (rank)",
        "How much the adapter can hold. 4 to 16 suit a style or a manner of speaking; more learns more and costs more.",
        minimum=1,
        maximum=MOST_RANK,
        step=1,
        stops=(1, 2, 4, 8, 16, 32, 64, 128, 256),
    )
    alpha: float | Auto = setting(
        "auto",
        "Adapter strength (alpha)",
        "The adapter's output is multiplied by alpha / rank. Auto is twice the rank.",
        minimum=0.1,
        maximum=MOST_ALPHA,
        advanced=True,
    )


class _Targeted(Section):
    target_modules: str = setting(
        "all-linear",
        "Which layers get an adapter (target modules)",
        "“all-linear”, “attention”, “mlp”, or layer names separated by commas, such as q_proj, v_proj. “experts” are "
        "those of a mixture, which only LoRA reaches.",
        several=True,
        advanced=True,
    )
    layers: str = setting(
        "all",
        "In which layers (layers range)",
        "“all”, “last 4”, “first 4”, or first and last counted from 0, such as 4-11. Fewer layers train faster.",
        advanced=True,
    )

    @field_validator("target_modules", mode="before")
    @classmethod
    def _join_list(cls, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value


class LoraSettings(_Targeted, _Ranked):
    """Low-rank adaptation (Hu et al. 2021, arXiv:2106.09685)."""

    name: Literal["lora"] = "lora"
    rank_pattern: str = setting(
        "",
        "Other sizes for some layers (rank pattern)",
        "Such as “attention 16, mlp 4” or “q_proj 16”. Layers that are not named keep the one rank; the strength "
        "grows with the rank.",
        advanced=True,
    )
    init: str = setting(
        "default",
        "How the adapter begins (initialisation)",
        "By default with no effect. PiSSA and OLoRA begin with what matters most in each weight, often learn faster, "
        "and are saved at twice the rank. LoftQ begins with what the weights lost when they were compressed.",
        choices=("default", *TAKING_STARTS, "loftq"),
        advanced=True,
    )
    dropout: float = setting(
        0.0,
        "Adapter dropout",
        "The share of the adapter's inputs that is left out at random in each update. It can slow down memorising; "
        "small data sets may profit from 0.05.",
        minimum=0.0,
        maximum=0.5,
        step=0.01,
        advanced=True,
    )
    use_dora: bool = setting(
        False,
        "Train length and direction apart (DoRA)",
        "Each row of a weight gets a trained length of its own. Often a little better at small ranks, and slower.",
        advanced=True,
    )
    use_rslora: bool = setting(
        False,
        "Keep large ranks strong (rsLoRA)",
        "Divides by the square root of the rank instead of the rank. Useful from rank 64 up.",
        advanced=True,
    )
    modules_to_save: str = setting(
        "",
        "Also train as a whole (modules to save)",
        "The embedding or the output layer, for new words or another language. They learn at a tenth of the learning "
        "rate, and the adapter holds all of them, so its file becomes large.",
        several=True,
        advanced=True,
    )
    plus_ratio: float = setting(
        1.0,
        "How much faster the second half learns (LoRA+ ratio)",
        "An adapter is two matrices. A learns at the learning rate, B this many times as fast. 1 is plain LoRA, the "
        "paper takes 16. An automatic learning rate is lowered to match.",
        minimum=1.0,
        maximum=64.0,
        step=1.0,
        advanced=True,
    )


class AdaLoraSettings(_Targeted, _Ranked):
    """Adaptive budget allocation (Zhang et al. 2023, arXiv:2303.10512)."""

    name: Literal["adalora"] = "adalora"
    initial_rank: int | Auto = setting(
        "auto",
        "Rank that each layer begins with (init_r)",
        "The layers begin with this rank and give up what matters least, until the rank above is left on average. Auto "
        "is one and a half times that. The strength is alpha divided by this number.",
        minimum=2,
        maximum=512,
        step=1,
        advanced=True,
    )
    initial_updates: int | Auto = setting(
        "auto",
        "Updates before ranks are given up (tinit)",
        "It must first learn a little to tell what matters. Auto is a tenth of all updates.",
        minimum=0,
        maximum=10_000_000,
        advanced=True,
    )
    final_updates: int | Auto = setting(
        "auto",
        "Updates after ranks are settled (tfinal)",
        "What is left learns on with its rank unchanged. Auto is two fifths of all updates.",
        minimum=0,
        maximum=10_000_000,
        advanced=True,
    )
    allocate_every: int | Auto = setting(
        "auto",
        "Updates between changes of rank (deltaT)",
        "Ranks are given anew each time so many updates have passed. Auto is a hundredth of all updates.",
        minimum=1,
        maximum=1_000_000,
        advanced=True,
    )
    orthogonality: float = setting(
        0.1,
        "How much directions are kept apart (orth_reg_weight)",
        "Adds to the loss how far a layer's directions are from standing at right angles, so that leaving one out "
        "leaves the others alone. 0 switches it off.",
        minimum=0.0,
        maximum=10.0,
        advanced=True,
    )

    @property
    def rank_at_start(self) -> int:
        return math.ceil(1.5 * self.rank) if self.initial_rank == "auto" else int(self.initial_rank)


class VeraSettings(_Targeted):
    """Vector-based random matrix adaptation (Kopiczko et al. 2023, arXiv:2310.11454)."""

    name: Literal["vera"] = "vera"
    projection_rank: int = setting(
        256,
        "Width between the random matrices (rank)",
        "All layers share two random matrices that meet in so many numbers. Far more than in LoRA is usual: each costs "
        "one trained number a layer.",
        minimum=1,
        maximum=4096,
        step=1,
    )
    initial_scale: float = setting(
        0.1,
        "How strong it begins (d_initial)",
        "The trained factors between the two matrices begin as this number.",
        minimum=1e-7,
        maximum=10.0,
        advanced=True,
    )


class LohaSettings(_Targeted, _Ranked):
    """Low-rank Hadamard product (Hyeon-Woo et al. 2021, arXiv:2108.06098)."""

    name: Literal["loha"] = "loha"


class LokrSettings(_Targeted, _Ranked):
    """Low-rank Kronecker product (Yeh et al. 2023, arXiv:2309.14859)."""

    name: Literal["lokr"] = "lokr"


class OftSettings(_Targeted):
    """Orthogonal fine-tuning (Qiu et al. 2023, arXiv:2306.07280)."""

    name: Literal["oft"] = "oft"
    block_size: int = setting(
        32,
        "Numbers turned together (block size)",
        "Each layer's inputs are turned in blocks of this many. Larger blocks can change more and cost more; it must "
        "divide the width of the layers.",
        minimum=2,
        maximum=1024,
        step=1,
    )


class Ia3Settings(_Targeted):
    """Infused adapter by inhibiting and amplifying inner activations (Liu et al. 2022, arXiv:2205.05638)."""

    name: Literal["ia3"] = "ia3"


class BottleneckSettings(Section):
    """Bottleneck adapter layers (Houlsby et al. 2019, arXiv:1902.00751; Pfeiffer et al. 2020, arXiv:2005.00247)."""

    name: Literal["bottleneck"] = "bottleneck"
    placement: str = setting(
        "houlsby",
        "Where the layers stand (placement)",
        "houlsby: after attention and after the feed-forward part of each block. pfeiffer: only after the latter, with "
        "half the numbers.",
        choices=("houlsby", "pfeiffer"),
    )
    reduction_factor: int = setting(
        16,
        "How narrow the layers are (reduction factor)",
        "Each layer leads to so many times fewer numbers and back. Less can learn more and costs more.",
        minimum=1,
        maximum=1024,
        step=1,
    )
    activation: str = setting(
        "relu",
        "Bend in the middle (activation)",
        "relu is the usual one; gelu is smoother and a little slower.",
        choices=("relu", "gelu"),
        advanced=True,
    )


class LoraPrefixSettings(Worded, _Targeted, _Ranked):
    """LoRA and prefix tuning at a time."""

    name: Literal["lora_prefix"] = "lora_prefix"


MethodSettings = (
    LoraSettings
    | AdaLoraSettings
    | VeraSettings
    | LohaSettings
    | LokrSettings
    | OftSettings
    | Ia3Settings
    | BottleneckSettings
    | PromptTuningSettings
    | PTuningSettings
    | PrefixTuningSettings
    | LoraPrefixSettings
    | FullSettings
    | LastLayersSettings
    | NormsSettings
)
"""All methods' settings, told apart by `name`."""

ALIASES: dict[str, dict[str, dict[str, Any]]] = {
    "dora": {"method": {"name": "lora", "use_dora": True}},
    "qlora": {"method": {"name": "lora"}, "model": {"quantization": "nf4"}},
}
"""Names that are in use for a method with certain settings, by section; what is stored are the settings."""


def method_of(name: str) -> str:
    """The method that a name or an alias means."""
    return str(ALIASES.get(name, {}).get("method", {}).get("name", name))
