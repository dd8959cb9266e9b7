"""How much memory training will need at its peak, term by term."""

from dataclasses import dataclass

from workbench.config.optimizers import OPTIMIZERS
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


def terms(facts: ModelFacts, load: Load) -> dict[str, float]:
    """Bytes by name; their sum is the estimated peak of the process."""
    tokens, plain = load.micro_batch_size * load.length, BYTES[load.precision]
    return {
        "libraries": _LIBRARIES_BYTES,
        "weights": load.quantization.weight_bytes(facts, plain) - load.inside * plain,
        "trained, gradients, optimizer": _trained(load),
        "activations": _activations(facts, load, tokens),
        "loss over the vocabulary": _LOGITS * plain * tokens * facts.vocabulary,
    }


def peak_gb(facts: ModelFacts, load: Load) -> float:
    return sum(terms(facts, load).values()) / 1e9


def _trained(load: Load) -> float:
    """A trained number, its gradient and what the optimizer keeps; of the model's own, both in 16 bits besides."""
    copies = 0 if load.precision == "fp32" else 2 * BYTES[load.precision] * load.inside
    return (8 + OPTIMIZERS[load.optimizer].state_bytes) * load.trainable + copies


def _activations(facts: ModelFacts, load: Load, tokens: int) -> float:
    """34 · tokens · hidden bytes a layer at 16 bit, without the attention matrix, which is never formed.

    Korthikanti et al. 2022 (arXiv:2205.05198), equation 2. With checkpointing each layer keeps its input alone.
    """
    scale = BYTES[load.precision] / 2
    layer = 34.0 * scale * tokens * facts.hidden_size
    if not load.gradient_checkpointing:
        return layer * facts.layers
    return layer + 2.0 * scale * tokens * facts.hidden_size * facts.layers
