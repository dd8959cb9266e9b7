"""What memory goes to: the terms of an estimate, each with its formula and where that is from."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

TermName = Literal[
    "libraries",
    "context",
    "weights",
    "trained",
    "gradients",
    "optimizer",
    "activations",
    "logits",
    "workspace",
    "overhead",
]
Moment = Literal["loading", "training"]
Terms = Mapping[TermName, float]
"""Bytes by name."""


@dataclass(frozen=True)
class Term:
    """A row of docs/memory.md and of the bar beside the form."""

    label: str
    meaning: str
    formula: str
    source: str


TERMS: dict[TermName, Term] = {
    "libraries": Term(
        "Python and libraries",
        "what a worker holds before it has read a model",
        "a constant of each engine",
        "measured on Linux, as anonymous memory after the imports",
    ),
    "context": Term(
        "CUDA",
        "what a process holds of a GPU before it has read a model; torch does not count it as allocated",
        "a constant",
        "reported as 0.4 to 0.8 GB by card and version; not measured here",
    ),
    "weights": Term(
        "weights",
        "the model's frozen weights",
        "parameters × bytes each; of a quantised layer, its codes and their constants",
        "Dettmers et al. 2023 (arXiv:2305.14314), section 3; Dettmers et al. 2022 (arXiv:2208.07339)",
    ),
    "trained": Term(
        "trained weights",
        "what the run changes: an adapter, or the model's own weights",
        "4 bytes each, and once more as the products read them",
        "Micikevicius et al. 2018 (arXiv:1710.03740), section 3.1",
    ),
    "gradients": Term(
        "gradients",
        "one number for each that is trained",
        "4 bytes each; on the fast path, what each thread's pack teaches besides",
        "Rajbhandari et al. 2020 (arXiv:1910.02054), section 3.1",
    ),
    "optimizer": Term(
        "optimizer",
        "the moments that the optimizer keeps of each trained number",
        "state bytes of the optimizer × trained numbers",
        "Rajbhandari et al. 2020 (arXiv:1910.02054), section 3.1; Dettmers et al. 2022 (arXiv:2110.02861)",
    ),
    "activations": Term(
        "activations",
        "what the layers leave behind for the way back",
        "bytes left by a token in a layer × layers × tokens computed at once; with checkpointing its input alone",
        "counted in the graph that autograd builds, as in Korthikanti et al. 2022 (arXiv:2205.05198), section 4",
    ),
    "logits": Term(
        "loss over the vocabulary",
        "a number for each token and word, and its gradient",
        "times a logit is held × vocabulary × tokens computed at once",
        "measured",
    ),
    "workspace": Term(
        "workspace",
        "what is needed for a moment: weights unpacked, a tensor on its way from the file, an optimizer's numbers",
        "the largest of them; on the fast path, of each thread, with what attention and products keep",
        "measured",
    ),
    "overhead": Term(
        "allocator",
        "memory that is held, and not in use",
        "a share of what comes and goes, also of what checkpointing gives up",
        "measured",
    ),
}


@dataclass(frozen=True)
class Estimate:
    """What a run takes at each of its moments. The one that takes most is its peak."""

    moments: Mapping[Moment, Terms]

    @property
    def peak(self) -> Moment:
        return max(self.moments, key=lambda moment: sum(self.moments[moment].values()))

    @property
    def terms(self) -> Terms:
        """Those of the peak."""
        return self.moments[self.peak]

    @property
    def gb(self) -> float:
        return sum(self.terms.values()) / 1e9
