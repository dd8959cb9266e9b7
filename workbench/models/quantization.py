"""Frozen weights in 8 or 4 bits: which kinds there are, what they take, and how they are asked for.

The 4-bit kinds are those of QLoRA (Dettmers et al. 2023, arXiv:2305.14314), int8 is LLM.int8() (Dettmers et al. 2022,
arXiv:2208.07339), all through bitsandbytes. Embeddings, norms and the output layer stay as they are.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from workbench.config.run_config import ModelSettings
from workbench.models.facts import ModelFacts

if TYPE_CHECKING:
    from transformers import BitsAndBytesConfig, PreTrainedModel

_BLOCKS_SHARING = 256
"""With double quantisation: constants that share one constant of their own."""


@dataclass(frozen=True)
class Quantization:
    """`double` quantises the constants of a 4-bit kind once more. A kind of `auto` is none, until it is resolved."""

    kind: str = "none"
    double: bool = True
    block_size: int = 64
    """4-bit weights that share one constant."""

    @classmethod
    def of(cls, settings: ModelSettings) -> Self:
        return cls(settings.quantization, settings.double_quantization, settings.quantization_block_size)

    @property
    def is_on(self) -> bool:
        return self.kind not in ("none", "auto")

    @property
    def is_4_bit(self) -> bool:
        return self.kind in ("nf4", "fp4")

    def weight_bytes(self, facts: ModelFacts, plain_bytes: int) -> float:
        """What a model's weights take, those that are not quantised at `plain_bytes` each."""
        if not self.is_on:
            return float(facts.parameters * plain_bytes)
        inside = sum(rows * columns for rows, columns in facts.linear_shapes.values())
        return self._bits(facts) / 8 * inside + (facts.parameters - inside) * plain_bytes

    def for_transformers(self, precision: str) -> "BitsAndBytesConfig":
        import torch
        from transformers import BitsAndBytesConfig

        from workbench.models.quantizer import BlockConfig

        if self.kind == "int8":
            return BitsAndBytesConfig(load_in_8bit=True)
        computed_in = {"fp32": torch.float32, "bf16": torch.bfloat16, "fp16": torch.float16}[precision]
        return BlockConfig(
            self.block_size,
            bnb_4bit_quant_type=self.kind,
            bnb_4bit_use_double_quant=self.double,
            bnb_4bit_compute_dtype=computed_in,
        )

    def _bits(self, facts: ModelFacts) -> float:
        """A weight with its share of the constants; section 3 of the QLoRA paper."""
        if self.kind == "int8":
            columns = [columns for _, columns in facts.linear_shapes.values()]
            return 8 + 32 * len(columns) / sum(columns)
        constant = 8 + 32 / _BLOCKS_SHARING if self.double else 32
        return 4 + constant / self.block_size


def choose_quantization(whole_gb: float, room_gb: float, *, needs_whole: bool) -> tuple[str, str]:
    """What `auto` becomes, and a few words why.

    `whole_gb` is what a run takes with its frozen weights as they are, `room_gb` what it may take; `needs_whole` says
    that it cannot have them in 4 bits.
    """
    if whole_gb <= room_gb:
        return "none", f"with its weights whole it takes {whole_gb:.1f} GB, and may take {room_gb:.1f}"
    if needs_whole:
        return "none", "what is trained here needs the frozen weights whole"
    return "nf4", f"with its weights whole it would take {whole_gb:.1f} GB, and may take {room_gb:.1f}"


def keep_unpacked(model: "PreTrainedModel") -> None:
    """Keep 4-bit weights as they were read.

    On some processors bitsandbytes packs them anew, and rounds their constants, when a layer first answers outside of
    training: a check would change what is trained.
    """
    from bitsandbytes.nn import Linear4bit

    for module in model.modules():
        if isinstance(module, Linear4bit):
            module.support_avx512bf16_for_cpu = False


WHOLE = Quantization()
"""Nothing is quantised."""
