"""How much memory the fast path will need, term by term."""

from collections.abc import Mapping
from dataclasses import dataclass

from workbench.config.optimizers import OPTIMIZERS
from workbench.engine.footprint import TOKENS_AT_ONCE, Footprint, ranks_by_product
from workbench.engine.shape_reading import read_shape
from workbench.memory.standard import BYTES
from workbench.memory.terms import Estimate, Terms
from workbench.models.facts import ModelFacts
from workbench.models.quantization import Quantization

_LIBRARIES_BYTES = 0.45e9
"""Python, torch, what reads rows and weights, and what torch builds for its products, measured on Linux."""

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
        return max(self.length, min(TOKENS_AT_ONCE // self.lanes, rows * self.length))


def fast_estimate(facts: ModelFacts, load: FastLoad) -> Estimate:
    return Estimate({"training": _training(facts, load)})


def _training(facts: ModelFacts, load: FastLoad) -> Terms:
    shape = read_shape(facts.path)
    plain = BYTES[load.precision]
    footprint = Footprint(shape, ranks_by_product(load.ranks, len(shape.layers)), plain)
    at_once = footprint.thread_bytes(load.pack_tokens, decodes=load.quantization.is_on, drops=load.drops)
    # What each lane's pack teaches, and the sum of that in fp32.
    taught = footprint.taught_numbers * (load.lanes * footprint.number_bytes + _FP32)
    return {
        "libraries": _LIBRARIES_BYTES,
        "weights": load.quantization.weight_bytes(facts, plain),
        "trained": _FP32 * load.trainable + footprint.operand_bytes,
        "gradients": _FP32 * load.trainable + taught,
        "optimizer": OPTIMIZERS[load.optimizer].state_bytes * load.trainable,
        "activations": float(load.lanes * at_once),
        "logits": float(load.lanes * footprint.logits_bytes),
    }
