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

_BLOCK = 64
"""Weights that share one constant."""

_BLOCKS_SHARING = 256
"""With double quantisation: constants that share one constant of their own."""


@dataclass(frozen=True)
class Quantization:
    """`double` quantises the constants of a 4-bit kind once more."""

    kind: str = "none"
    double: bool = True

    @classmethod
    def of(cls, settings: ModelSettings) -> Self:
        return cls(settings.quantization, settings.double_quantization)

    @property
    def is_on(self) -> bool:
        return self.kind != "none"

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

        if self.kind == "int8":
            return BitsAndBytesConfig(load_in_8bit=True)
        return BitsAndBytesConfig(
            load_in_4bit=True,
            bnb_4bit_quant_type=self.kind,
            bnb_4bit_use_double_quant=self.double,
            bnb_4bit_compute_dtype=torch.bfloat16 if precision == "bf16" else torch.float32,
        )

    def _bits(self, facts: ModelFacts) -> float:
        """A weight with its share of the constants; section 3 of the QLoRA paper."""
        if self.kind == "int8":
            columns = [columns for _, columns in facts.linear_shapes.values()]
            return 8 + 32 * len(columns) / sum(columns)
        constants = 8 / _BLOCK + 32 / (_BLOCK * _BLOCKS_SHARING) if self.double else 32 / _BLOCK
        return 4 + constants


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
