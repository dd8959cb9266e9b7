"""The rules of thumb that people quote for memory, beside our own figures for one model, and where the two part."""

from dataclasses import asdict, dataclass
from typing import Any

from workbench.memory.terms import TERMS
from workbench.memory.well_known import well_known
from workbench.training.sizes import Memory, Use

EXAMPLE = "Mistral-7B-v0.3"
"""Of the size that such rules are mostly quoted for."""

_PAGE = "Hugging Face, transformers documentation, “Optimizing LLMs for Speed and Memory”"
_COURSE = "“Generative AI with Large Language Models”, DeepLearning.AI and AWS, 2023"
_WORTH_TELLING = 0.01
"""The least share of ours that a part is named for."""


@dataclass(frozen=True)
class _Saying:
    """A rule as it is quoted, in GB for each billion parameters."""

    words: str
    source: str
    low_gb: float
    high_gb: float
    tells: str
    """Of which of our figures: asking a model in 16 bits or in 4, or tuning all of it."""
    why: str


_SAYINGS = (
    _Saying(
        "2 GB for each billion parameters, to ask a model in 16 bits",
        _PAGE,
        2,
        2,
        "whole",
        "The rule is about the weights alone.",
    ),
    _Saying(
        "0.5 GB for each billion parameters, to ask a model in 4 bits",
        f"Four bits are half a byte. {_PAGE}, measures 0.6 GB.",
        0.5,
        0.5,
        "coded",
        "Embedding and output layer stay in 16 bits, and every 64 weights share a constant.",
    ),
    _Saying(
        "16 bytes for each parameter, to tune all with AdamW in mixed precision",
        "Rajbhandari et al. 2020 (arXiv:1910.02054), section 3.1",
        16,
        16,
        "tuning",
        "The rule has gradients in 16 bits, ours are in 32; and what is computed with them comes on top.",
    ),
    _Saying(
        "5 to 7 times the model, to tune all of it",
        f"Quoted in many places, such as about 6 times in {_COURSE}.",
        5 * 2,
        7 * 2,
        "tuning",
        "It is said of models in 16 bits and in 32 alike. Of 16 bits, as counted here, it is too little for AdamW, "
        "which keeps two moments of 32 bits.",
    ),
)


@dataclass(frozen=True)
class Rule:
    """What is said, what it comes to for the example, and what ours is made of. Amounts in GB."""

    says: str
    source: str
    low_gb: float
    high_gb: float
    our_gb: float
    parts_gb: dict[str, float]
    why: str


def rules(memory: Memory) -> list[Rule]:
    """All of them, for the example on this machine."""
    facts = next(facts for facts in well_known() if facts.name == EXAMPLE)
    full, coded = (Use.of(facts, way, memory.free_gb) for way in ("full", "QLoRA"))
    tuning = {TERMS[name].label: held for name, held in full.training.terms.items()}
    ours = {"whole": full.answering, "coded": coded.answering, "tuning": tuning}
    is_fp32 = full.config.model.precision == "fp32"
    return [_compare(saying, ours[saying.tells], facts.parameters / 1e9, is_fp32=is_fp32) for saying in _SAYINGS]


def describe(memory: Memory) -> list[dict[str, Any]]:
    """The same as JSON."""
    return [{"model": EXAMPLE} | asdict(rule) for rule in rules(memory)]


def _compare(saying: _Saying, ours: dict[str, float], billions: float, *, is_fp32: bool) -> Rule:
    whole = sum(ours.values())
    told = {name: held / 1e9 for name, held in ours.items() if held >= _WORTH_TELLING * whole}
    why = saying.why + (" This processor has no bf16: what others hold in 16 bits takes 32." if is_fp32 else "")
    return Rule(
        says=saying.words,
        source=saying.source,
        low_gb=saying.low_gb * billions,
        high_gb=saying.high_gb * billions,
        our_gb=whole / 1e9,
        parts_gb=told,
        why=why,
    )
