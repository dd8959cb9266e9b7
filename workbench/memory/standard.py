"""How much memory the standard path will need, term by term."""

from dataclasses import dataclass

from workbench.config.optimizers import OPTIMIZERS
from workbench.memory.terms import Estimate, Terms
from workbench.models.facts import ModelFacts
from workbench.models.quantization import Quantization

BYTES = {"fp32": 4, "bf16": 2, "fp16": 2}

_LIBRARIES_BYTES = 0.6e9
"""Python, torch, transformers and PEFT once imported, measured on Linux."""

_LOGITS = 2.5
"""Times a logit is held at the peak: as it is, as its gradient, and half once more, measured, in what lies idle."""


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


def standard_estimate(facts: ModelFacts, load: Load) -> Estimate:
    return Estimate({"training": _training(facts, load)})


def _training(facts: ModelFacts, load: Load) -> Terms:
    tokens, plain = load.micro_batch_size * load.length, BYTES[load.precision]
    # Of the model's own that are trained, both a number and its gradient are held in 16 bits besides.
    copies = 0 if load.precision == "fp32" else plain * load.inside
    return {
        "libraries": _LIBRARIES_BYTES,
        "weights": load.quantization.weight_bytes(facts, plain) - load.inside * plain,
        "trained": 4 * load.trainable + copies,
        "gradients": 4 * load.trainable + copies,
        "optimizer": OPTIMIZERS[load.optimizer].state_bytes * load.trainable,
        "activations": _activations(facts, load, tokens),
        "logits": _LOGITS * plain * tokens * facts.vocabulary,
    }


def _activations(facts: ModelFacts, load: Load, tokens: int) -> float:
    """34 · tokens · hidden bytes a layer at 16 bit, without the attention matrix, which is never formed.

    Korthikanti et al. 2022 (arXiv:2205.05198), equation 2. With checkpointing each layer keeps its input alone.
    """
    scale = BYTES[load.precision] / 2
    layer = 34.0 * scale * tokens * facts.hidden_size
    if not load.gradient_checkpointing:
        return layer * facts.layers
    return layer + 2.0 * scale * tokens * facts.hidden_size * facts.layers
