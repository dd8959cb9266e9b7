"""What the matrix tries: each method with its settings, and where it must refuse beforehand. One row a case."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Row:
    """`name` and `settings` are those of `method`; `rate` is one at which twenty updates must lower the loss."""

    name: str
    settings: dict[str, Any] = field(default_factory=dict)
    rate: float = 5e-3
    refused: dict[str, str] = field(default_factory=dict)
    """Words of the reason, by model ("gpt2"), by kind of quantised weights ("int8"), or by both ("nf4 gpt2")."""
    quantised: bool = True
    """Whether it is also tried on quantised weights; a variant that makes no difference to them need not be."""
    tolerance: float = 0.0
    """By how much a logit may differ after a reload: by rounding, where the base is as it was before again."""
    trains_base: bool = False
    """Whether it trains weights of the base itself, which else must stay as they are to the bit."""

    def refusal(self, architecture: str, kind: str = "none") -> str | None:
        """Words of the reason that is due for this model, its weights held so; None where it must learn."""
        keys = (f"{kind} {architecture}", kind, architecture)
        return next((self.refused[key] for key in keys if key in self.refused), None)


_CONV1D = {"gpt2": "Conv1D"}
_CHANGED = {kind: f"cannot be held as {kind}" for kind in ("int8", "nf4", "fp4")}
_WHOLE = {kind: f"not as {kind}" for kind in ("int8", "nf4", "fp4")}

_NO_EXPERTS = dict.fromkeys(("llama", "qwen2", "gpt2"), "no layers known as experts")

ROWS: dict[str, Row] = {
    "lora": Row("lora", {"rank": 4, "alpha": 8.0}),
    "lora attention": Row("lora", {"rank": 4, "alpha": 8.0, "target_modules": "attention"}, quantised=False),
    "lora experts": Row(
        "lora",
        {"rank": 4, "alpha": 8.0, "target_modules": "attention, experts", "rank_pattern": "experts 2"},
        refused=_NO_EXPERTS,
        quantised=False,
    ),
    "dora experts": Row(
        "dora",
        {"rank": 4, "alpha": 8.0, "target_modules": "experts"},
        refused=_NO_EXPERTS | {"mixtral": "DoRA cannot adapt the experts of MixtralForCausalLM"},
        quantised=False,
    ),
    "ia3 experts": Row(
        "ia3",
        {"target_modules": "experts"},
        refused=_NO_EXPERTS | {"mixtral": "which only LoRA can adapt"},
        quantised=False,
    ),
    "rslora": Row("lora", {"rank": 4, "alpha": 8.0, "use_rslora": True}, quantised=False),
    "dora": Row("dora", {"rank": 4, "alpha": 8.0}, refused={"int8": "DoRA does not go with int8"}),
    "lora ranks and layers": Row(
        "lora", {"rank": 4, "alpha": 8.0, "rank_pattern": "attention 6", "layers": "last 1"}, quantised=False
    ),
    "pissa": Row("lora", {"rank": 4, "alpha": 8.0, "init": "pissa"}, refused=_WHOLE, tolerance=1e-4),
    "olora": Row("lora", {"rank": 4, "alpha": 8.0, "init": "olora"}, refused=_WHOLE, tolerance=1e-4),
    "loftq": Row("lora", {"rank": 4, "alpha": 8.0, "init": "loftq"}, refused={"none": "these are whole"}),
    "adalora": Row("adalora", {"rank": 4, "alpha": 8.0}, rate=2e-2),
    "vera": Row("vera", {"projection_rank": 64}, rate=5e-2),
    "vera attention": Row("vera", {"projection_rank": 64, "target_modules": "attention"}, rate=5e-2, quantised=False),
    "loha": Row("loha", {"rank": 4, "alpha": 8.0}, refused=_CONV1D | _WHOLE),
    "lokr": Row("lokr", {"rank": 2, "alpha": 4.0}, rate=2e-2, refused=_CONV1D | _WHOLE),
    "lokr mlp": Row(
        "lokr",
        {"rank": 64, "alpha": 64.0, "target_modules": "mlp"},
        rate=2e-2,
        refused=_CONV1D | {"mixtral": "no layers known as mlp"},
        quantised=False,
    ),
    "oft": Row("oft", {"block_size": 8}, refused=_CONV1D),
    "ia3": Row("ia3", rate=1e-1, refused={"nf4 gpt2": "does not go with nf4", "fp4 gpt2": "does not go with fp4"}),
    "ia3 attention": Row("ia3", {"target_modules": "attention"}, rate=1e-1, quantised=False),
    "bottleneck": Row("bottleneck", {"reduction_factor": 8}, rate=1e-2),
    "bottleneck pfeiffer": Row(
        "bottleneck",
        {"placement": "pfeiffer", "activation": "gelu", "reduction_factor": 8},
        rate=2e-2,
        quantised=False,
    ),
    "prefix tuning": Row("prefix_tuning", {"virtual_tokens": 5}, rate=1e-1),
    "prompt tuning": Row("prompt_tuning", {"virtual_tokens": 5}, rate=1e-1, quantised=False),
    "prompt tuning from a text": Row(
        "prompt_tuning", {"virtual_tokens": 5, "init_text": "Ahoy, matey!"}, rate=1e-1, quantised=False
    ),
    "p-tuning": Row("p_tuning", {"virtual_tokens": 5, "encoder_hidden_size": 32}, rate=2e-2, quantised=False),
    "lora and prefix": Row("lora_prefix", {"rank": 4, "alpha": 8.0, "virtual_tokens": 5}, rate=2e-2),
    "full": Row("full", rate=1e-3, refused=_CHANGED, trains_base=True),
    "last layer": Row("last_layers", {"trained_layers": 1}, rate=1e-3, refused=_CHANGED, trains_base=True),
    "last layer and output": Row(
        "last_layers",
        {"trained_layers": 1, "final_norm": False, "output_layer": True},
        rate=1e-3,
        quantised=False,
        trains_base=True,
    ),
    "norms": Row("norms", rate=1e-2, trains_base=True),
}
