"""How much memory the standard path will need, term by term."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from workbench.config.optimizers import OPTIMIZERS
from workbench.memory.kept import BESIDE, FP32, Kept, Learning, widths
from workbench.memory.terms import Estimate, Terms
from workbench.models.facts import ModelFacts
from workbench.models.quantization import Quantization

BYTES = {"fp32": 4, "bf16": 2, "fp16": 2}

_LIBRARIES_BYTES = 0.37e9
"""Python, torch, transformers and PEFT once imported, and what torch keeps for its products, measured on Linux."""

_GAPS = 5.0
"""What the allocator holds and nobody uses, as a multiple of what one layer keeps of the tokens, with checkpointing or
without: what stays is put between what comes and goes, whose room is not all used again. Measured with glibc.
"""

_GAPS_AMONG_KEPT = 0.17
"""More of it where all layers keep the tokens, as a share of that."""

_GAPS_INSIDE = 0.35
"""All of it where the model's own weights are trained, as a share of what all layers would keep."""

_FLEETING = {"adamw": 2, "paged_adamw": 3, "adafactor": 3, "lion": 3, "adamw_8bit": 4, "paged_adamw_8bit": 4}
"""Numbers that an optimizer works with for each of the tensor that it updates; it takes one tensor after the other."""


@dataclass(frozen=True)
class Load:
    """What of a run decides its memory. Lengths in tokens."""

    precision: str
    quantization: Quantization
    trainable: int
    optimizer: str
    micro_batch_size: int
    length: int
    gradient_checkpointing: bool
    inside: int = 0
    """How many of the trained numbers are the model's own, held in full precision while they are."""
    learning: Learning = BESIDE

    @property
    def tokens(self) -> int:
        """Computed at once."""
        return self.micro_batch_size * self.length

    @property
    def plain(self) -> int:
        """Bytes of a number in what is computed in."""
        return BYTES[self.precision]

    @property
    def copy(self) -> int:
        """Bytes of a trained number once more as the products read it, while what they kept is there."""
        return 0 if self.plain == FP32 or self.learning.place == "around" else self.plain


def standard_estimate(facts: ModelFacts, load: Load) -> Estimate:
    instants = (_turning(facts, load), _in_a_layer(facts, load), _returned(facts, load))
    training = max(instants, key=lambda terms: sum(terms.values()))
    return Estimate({"loading": _loading(facts, load), "training": {**training, "overhead": _gaps(facts, load)}})


def largest(shapes: Iterable[tuple[int, ...]]) -> int:
    """How many numbers the largest of some tensors has."""
    return max(map(math.prod, shapes), default=0)


def _loading(facts: ModelFacts, load: Load) -> Terms:
    """What is trained of the model's own was loaded as it is computed in: that leaves gaps, which nothing fills yet."""
    return {
        "libraries": _LIBRARIES_BYTES,
        "weights": _frozen_bytes(facts, load),
        "trained": 4.0 * load.trainable,
        "workspace": load.quantization.is_on * FP32 * largest(facts.linear_shapes.values()),
        "overhead": float(load.inside * load.plain) if load.plain < FP32 else 0.0,
    }


def _turning(facts: ModelFacts, load: Load) -> Terms:
    """Where the way back begins: all that was kept is there, and the logits with their gradient."""
    learnt = 0 if load.gradient_checkpointing else load.copy
    head = _head_numbers(facts, load) * (FP32 + load.copy)
    return {
        **_standing(facts, load),
        "trained": float((FP32 + learnt) * load.trainable),
        "gradients": float(head if load.inside else FP32 * load.trainable),
        "activations": load.tokens * _token_bytes(facts, load) + FP32 * load.learning.matrices,
        "logits": 2.0 * load.plain * load.tokens * facts.vocabulary,
    }


def _in_a_layer(facts: ModelFacts, load: Load) -> Terms:
    """In the last layer: the logits are gone, what passes through it is there, and what is made twice."""
    turning, own = _turning(facts, load), _kept(facts, load)
    again = load.tokens * own.bytes if load.gradient_checkpointing else 0.0
    passing = 2 * FP32 * load.tokens * own.widths.spread
    unpacked = load.quantization.is_on * load.plain * largest(facts.linear_shapes.values())
    return {
        **turning,
        "activations": turning["activations"] + again,
        "logits": 0.0,
        "workspace": passing + unpacked,
    }


def _returned(facts: ModelFacts, load: Load) -> Terms:
    """Where it ends, with all gradients there, and an update begins."""
    # Where the embedding is the output layer, too, it is given a gradient by each.
    again = FP32 * _head_numbers(facts, load) if facts.tied else 0
    updated = min(load.trainable, largest(facts.shapes.values()))
    return {
        **_standing(facts, load),
        "gradients": 4.0 * load.trainable,
        "activations": 0.0,
        "logits": 0.0,
        "workspace": float(max(again, FP32 * _FLEETING.get(load.optimizer, 0) * updated)),
    }


def _gaps(facts: ModelFacts, load: Load) -> float:
    learning, of_layer = load.learning, load.tokens * _kept(facts, load).bytes
    layers = facts.layers if learning.layers is None else learning.layers
    passed = of_layer * layers + load.tokens * load.plain * (learning.ranks + learning.numbers)
    if learning.place == "inside":
        return _GAPS_INSIDE * passed
    return _GAPS * of_layer + (0.0 if load.gradient_checkpointing else _GAPS_AMONG_KEPT * passed)


def _standing(facts: ModelFacts, load: Load) -> Terms:
    """What stays from one update to the next."""
    return {
        "libraries": _LIBRARIES_BYTES,
        "weights": _frozen_bytes(facts, load),
        "trained": 4.0 * load.trainable,
        "optimizer": OPTIMIZERS[load.optimizer].state_bytes * load.trainable,
    }


def _frozen_bytes(facts: ModelFacts, load: Load) -> float:
    return load.quantization.weight_bytes(facts, load.plain) - load.inside * load.plain


def _token_bytes(facts: ModelFacts, load: Load) -> float:
    """What a token leaves in all layers; with checkpointing no more of each than what was given to it."""
    learning, hidden = load.learning, facts.hidden_size
    # The last norm; in its place, the first layer keeps less where the embedding does not learn.
    last = FP32 * hidden * (2 if learning.place == "inside" else 0)
    if load.gradient_checkpointing:
        # What learns inside is held in fp32, and so is all that is added up.
        given = (FP32 if load.inside else load.plain) * hidden
        return (given + _kept(facts, load).past_checkpoints) * facts.layers + last
    layers = facts.layers if learning.layers is None else learning.layers
    return _kept(facts, load).bytes * layers + load.plain * (learning.ranks + learning.numbers) + last


def _kept(facts: ModelFacts, load: Load) -> Kept:
    is_int8 = load.quantization.kind == "int8"
    return Kept(widths(facts), load.learning.place, load.plain, is_int8, load.micro_batch_size > 1)


def _head_numbers(facts: ModelFacts, load: Load) -> int:
    """Of the output layer, as far as it learns."""
    return min(load.inside, facts.vocabulary * facts.hidden_size)
