"""Whether a model can be tuned on this machine, at a glance: a plain LoRA against the memory that is free."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from workbench.config.methods import LoraSettings
from workbench.config.run_config import RunConfig
from workbench.engine.shape_reading import KINDS
from workbench.errors import SettingError
from workbench.hardware.devices import free_memory_bytes, machine
from workbench.memory.standard import Load, standard_estimate
from workbench.memory.time import PACES, step_seconds
from workbench.memory.verdict import Verdict, judge
from workbench.methods.table import METHODS
from workbench.models.facts import ModelFacts
from workbench.models.precision import choose_precision
from workbench.models.quantization import WHOLE, Quantization

_RANK = 8
_LENGTH_TOKENS = 512
_WORTH_IT = 0.9
"""What 4 bits leave at most of the memory, where they are worth a word."""

_FIRST_RUN = (120, 4 * 128)
"""Updates of a first run, and tokens in each."""

_PATIENCE_SECONDS = 3600.0


@dataclass(frozen=True)
class Fit:
    """What tuning would take beside what is free."""

    verdict: Verdict
    needed_gb: float
    free_gb: float
    in_4_bit_gb: float
    """What it would take with its frozen weights in 4 bits (QLoRA)."""

    def sentence(self) -> str:
        """The figures behind the verdict, for a person."""
        said = f"Tuning needs about {self.needed_gb:.1f} GB of memory, and {self.free_gb:.1f} GB are free."
        helps = self.in_4_bit_gb <= min(self.free_gb, _WORTH_IT * self.needed_gb)
        if self.verdict == "fits" or not helps:
            return said
        return f"{said} With QLoRA it is about {self.in_4_bit_gb:.1f} GB."


def free_gb() -> float:
    """The memory of this machine that tuning could take now."""
    return free_memory_bytes() / 1e9


def fit(facts: ModelFacts, free_gb: float) -> Fit:
    """A LoRA of rank 8, one example of the usual length at a time, in the precision that suits this machine."""
    needed_gb, in_4_bit_gb = _needed_gb(facts, WHOLE), _needed_gb(facts, Quantization("nf4"))
    return Fit(judge(needed_gb, free_gb), needed_gb, free_gb, in_4_bit_gb)


def best(models: Iterable[ModelFacts], free_gb: float) -> str | None:
    """The name of the largest that fits, and whose first run takes at most about an hour; None if none fits.

    Where all that fit are slower, the smallest of them.
    """
    fitting = sorted((m for m in models if fit(m, free_gb).verdict == "fits"), key=lambda m: m.parameters)
    quick = [model for model in fitting if _first_run_seconds(model) <= _PATIENCE_SECONDS]
    return (quick[-1] if quick else fitting[0]).name if fitting else None


def _needed_gb(facts: ModelFacts, quantization: Quantization) -> float:
    usual = RunConfig().training
    here = machine()
    load = Load(
        precision=choose_precision("auto", here.gpu, here.cpu_flags, facts.parameters)[0],
        quantization=quantization,
        trainable=_trainable(facts),
        optimizer=usual.optimizer,
        micro_batch_size=1,
        length=min(_LENGTH_TOKENS, facts.context or _LENGTH_TOKENS),
        gradient_checkpointing=usual.gradient_checkpointing,
    )
    return standard_estimate(facts, load).gb


@lru_cache(maxsize=256)
def _trainable(facts: ModelFacts) -> int:
    """Layer by layer, of every model that a page lists, at every look: kept, since it follows from the facts alone."""
    try:
        return METHODS["lora"].trainable(LoraSettings(rank=_RANK), facts)
    except SettingError:
        return 0


def _first_run_seconds(facts: ModelFacts) -> float:
    """A middle course between the fastest and the slowest that arithmetic allows; a GPU takes a small part of it."""
    steps, tokens = _FIRST_RUN
    is_known = facts.architecture.removesuffix("ForCausalLM").lower() in KINDS
    pace = PACES["fast" if is_known and not machine().gpu else "standard"]
    fast, slow = step_seconds(facts.parameters, tokens, machine(), pace)
    return steps * (fast if machine().gpu else (fast + slow) / 2)
