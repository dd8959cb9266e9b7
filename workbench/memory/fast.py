"""How much memory the fast path will need, term by term."""

from collections.abc import Mapping
from dataclasses import dataclass

from workbench.config.optimizers import OPTIMIZERS
from workbench.engine.footprint import TOKENS_AT_ONCE, Footprint, packed_tokens, ranks_by_product
from workbench.engine.shape_reading import read_shape
from workbench.memory.standard import BYTES, largest
from workbench.memory.terms import Estimate, Terms
from workbench.models.facts import ModelFacts
from workbench.models.quantization import Quantization

_IMPORTS_BYTES = 0.182e9
"""Python, torch, and what reads rows, as a worker of this path holds them before it reads a model."""

_TOKENIZER_BYTES = 0.03e9
"""What reads a tokenizer, which goes with all that is saved: it comes with the first answer or checkpoint."""

_PRODUCTS_BYTES = {"fp32": 0.012e9, "bf16": 0.018e9}
"""What torch keeps of products in each thread: parts put in order, and in bf16 code of its own for each size."""

_WIDER_BYTES = {"int8": 7, "nf4": 0, "fp4": 0}
"""Of each number in a matrix that becomes codes, beside the matrix: in fp16, multiplied in fp32, and as a code."""

_FP32 = 4


@dataclass(frozen=True)
class FastLoad:
    """What of a run on the fast path decides its memory."""

    precision: str
    quantization: Quantization
    ranks: Mapping[str, int]
    """Of adapters, by the full names of their modules."""
    trainable: int
    optimizer: str
    threads: int
    micro_batch_size: int
    length: int
    """Tokens of the longest example."""
    drops: bool
    """Whether inputs of adapters are left out."""

    @property
    def lanes(self) -> int:
        """Packs that are computed side by side."""
        return min(self.threads, self.micro_batch_size)

    @property
    def pack_tokens(self) -> int:
        rows = -(-self.micro_batch_size // self.lanes)
        return packed_tokens(max(self.length, min(TOKENS_AT_ONCE // self.lanes, rows * self.length)))


def fast_estimate(facts: ModelFacts, load: FastLoad) -> Estimate:
    shape = read_shape(facts.path)
    footprint = Footprint(shape, ranks_by_product(load.ranks, len(shape.layers)), BYTES[load.precision])
    return Estimate({"loading": _loading(facts, load), "training": _training(facts, load, footprint)})


def _loading(facts: ModelFacts, load: FastLoad) -> Terms:
    """At the last matrix, which is whole for a moment if it becomes codes; else it is read to where it stays."""
    plain, kind, widest = BYTES[load.precision], load.quantization.kind, largest(facts.linear_shapes.values())
    return {
        "libraries": _IMPORTS_BYTES,
        "weights": load.quantization.weight_bytes(facts, plain),
        "trained": float(_FP32 * load.trainable),
        "workspace": float(widest * (plain + _WIDER_BYTES[kind])) if load.quantization.is_on else 0.0,
    }


def _training(facts: ModelFacts, load: FastLoad, footprint: Footprint) -> Terms:
    """At an update with all that earlier ones and the first checkpoint leave: memory for packs is never given back."""
    plain = footprint.number_bytes
    at_once = footprint.thread_bytes(load.pack_tokens, decodes=False, drops=load.drops)
    decoded = footprint.thread_bytes(0, decodes=load.quantization.is_on, drops=False)
    attention = load.threads // load.lanes * footprint.attention_bytes(load.length)
    taught = footprint.taught_numbers
    # What each lane's pack teaches beside their sum; then the sum, the last of them, and the gradients made of it.
    learning = taught * (load.lanes * plain + _FP32)
    learned = taught * (plain + _FP32) + _FP32 * load.trainable
    return {
        "libraries": _IMPORTS_BYTES + _TOKENIZER_BYTES,
        "weights": load.quantization.weight_bytes(facts, plain),
        "trained": float(_FP32 * load.trainable + footprint.operand_bytes),
        "gradients": float(max(learning, learned)),
        "optimizer": OPTIMIZERS[load.optimizer].state_bytes * load.trainable,
        "activations": float(load.lanes * at_once),
        "logits": float(load.lanes * footprint.written_logits_bytes(load.pack_tokens)),
        "workspace": load.lanes * (decoded + attention) + load.threads * _PRODUCTS_BYTES[load.precision],
    }
