"""How much of a GPU's memory a run will need, term by term, and what its process then takes of the computer's own.

The standard path computes there what it computes on a processor. What differs is what holds it: CUDA's context, an
allocator that keeps what it once had, and an optimizer that updates all tensors at a time.
"""

from workbench.config.optimizers import OPTIMIZERS
from workbench.memory.standard import BYTES, Load, largest, standard_estimate
from workbench.memory.terms import Estimate, Terms
from workbench.models.facts import ModelFacts

_CONTEXT_BYTES = 0.6e9
"""What a process holds of a GPU before it has a tensor there: 0.4 to 0.8 GB are reported, by card and version."""

_LIBRARIES_BYTES = 1.2e9
"""Python and its libraries, twice what they take without CUDA."""

_PRODUCTS_BYTES = 32 * 1024**2
"""What cuBLAS keeps for its products."""

_KEPT = 0.1
"""The share that the allocator holds, and nobody uses, of what comes and goes."""

_PAGE_BYTES = 20 * 1024**2
"""It asks for at least so much at a time."""

_FLEETING_BYTES = {"adamw": 4, "adafactor": 4}
"""Of each trained number, in an update by one of torch's own that takes all tensors at a time."""

NOT_ALLOCATED = ("context", "overhead")
"""Terms that torch.cuda.max_memory_allocated does not count."""


def device_estimate(facts: ModelFacts, load: Load) -> Estimate:
    """Of the GPU's memory. All of it is allocated by torch but the NOT_ALLOCATED."""
    instants = (_computing(facts, load), _updating(facts, load))
    return Estimate({"training": max(instants, key=lambda terms: sum(terms.values()))})


def host_estimate(facts: ModelFacts, load: Load) -> Estimate:
    """Of the computer's memory, by a process that computes on a GPU.

    Weights pass through it one after the other; what an optimizer moves out of a full GPU has to find room here.
    """
    paged = OPTIMIZERS[load.optimizer].state_bytes * load.trainable if OPTIMIZERS[load.optimizer].is_paged else 0.0
    on_its_way = 4.0 * largest(_matrices(facts))
    return Estimate(
        {
            "loading": {"libraries": _LIBRARIES_BYTES, "workspace": on_its_way},
            "training": {"libraries": _LIBRARIES_BYTES, "optimizer": paged},
        }
    )


def _computing(facts: ModelFacts, load: Load) -> Terms:
    held = standard_estimate(facts, load).moments["training"]
    passing: Terms = {"activations": held.get("activations", 0.0), "logits": held.get("logits", 0.0)}
    there: Terms = {**_standing(facts, load), "gradients": held["gradients"], **passing}
    return _with_its_own(there, _unpacked_bytes(facts, load), sum(passing.values()))


def _updating(facts: ModelFacts, load: Load) -> Terms:
    """What the layers left is gone. torch updates all tensors at a time, and holds a number more of each meanwhile."""
    there: Terms = {**_standing(facts, load), "gradients": 4.0 * load.trainable}
    return _with_its_own(there, _FLEETING_BYTES.get(load.optimizer, 0) * load.trainable, 0.0)


def _standing(facts: ModelFacts, load: Load) -> Terms:
    held = standard_estimate(facts, load).moments["training"]
    moments = 0.0 if OPTIMIZERS[load.optimizer].is_paged else held["optimizer"]
    return {"weights": held["weights"], "trained": held["trained"], "optimizer": moments}


def _with_its_own(there: Terms, unpacked: float, passing: float) -> Terms:
    workspace = _PRODUCTS_BYTES + unpacked
    overhead = _PAGE_BYTES + _KEPT * (passing + workspace)
    return {"context": _CONTEXT_BYTES, **there, "workspace": workspace, "overhead": overhead}


def _unpacked_bytes(facts: ModelFacts, load: Load) -> float:
    """The largest weight whose codes are made numbers again for a product."""
    if not load.quantization.is_on:
        return 0.0
    return float(BYTES[load.precision] * largest(facts.linear_shapes.values()))


def _matrices(facts: ModelFacts) -> list[tuple[int, ...]]:
    return [*facts.linear_shapes.values(), *facts.shapes.values(), (facts.vocabulary, facts.hidden_size)]
