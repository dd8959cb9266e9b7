"""Which well-known models this machine can tune and ask, by the same estimate as a plan's. No torch."""

from dataclasses import asdict, dataclass
from typing import Any, Self

from workbench.config.build import build
from workbench.config.run_config import RunConfig
from workbench.hardware.devices import free_memory_bytes, machine, memory_limit_bytes
from workbench.hardware.gpu import look_at_gpu
from workbench.memory.standard import BYTES
from workbench.memory.terms import Estimate
from workbench.memory.verdict import Verdict, judge
from workbench.memory.well_known import well_known
from workbench.models.facts import ModelFacts
from workbench.models.quantization import Quantization
from workbench.training.auto import Circumstances, resolve
from workbench.training.needs import count_trained, estimate, estimate_vram

LENGTH_TOKENS = 512
"""Of each example; one is learned from at a time."""

READ_TOKENS = 2048
"""That an answer looks back at."""

WAYS: dict[str, dict[str, Any]] = {
    "full": {"method.name": "full"},
    "LoRA": {},
    "LoRA on int8": {"model.quantization": "int8"},
    "QLoRA": {"model.quantization": "nf4"},
}
"""To tune a model; it is asked in the form that it was tuned in."""

_ONE_AT_A_TIME = {"training.batch_size": 1, "training.micro_batch_size": 1, "data.max_length": LENGTH_TOKENS}
_FP32 = 4.0


@dataclass(frozen=True)
class Memory:
    """What there is to compute in, in GB: the GPU's memory where there is one, else this machine's."""

    free_gb: float
    total_gb: float

    @classmethod
    def now(cls) -> Self:
        gpu = look_at_gpu() if machine().gpu else None
        if gpu:
            return cls(gpu.free_bytes / 1e9, gpu.total_bytes / 1e9)
        return cls(free_memory_bytes() / 1e9, memory_limit_bytes() / 1e9)

    def need(self, gb: float) -> "Need":
        return Need(gb, judge(gb, self.free_gb), gb <= self.total_gb)


@dataclass(frozen=True)
class Need:
    """What something takes on this machine, as it is now."""

    gb: float
    verdict: Verdict
    ever: bool
    """Whether the whole of the machine's memory would do, with nothing else in it."""

    @property
    def is_not_now(self) -> bool:
        """Whether it would fit, if nothing else ran."""
        return self.verdict == "will not fit" and self.ever


@dataclass(frozen=True)
class Row:
    """One model: by each way, what it takes to tune it, and to ask it then."""

    model: str
    parameters: int
    download_gb: float
    training: dict[str, Need]
    answering: dict[str, Need]


@dataclass(frozen=True)
class Use:
    """One model, tuned in one way."""

    facts: ModelFacts
    config: RunConfig
    training: Estimate

    @classmethod
    def of(cls, facts: ModelFacts, way: str, free_gb: float) -> Self:
        """One example at a time, and all else as it comes."""
        around = Circumstances(facts, machine(), free_gb, examples=100, longest_tokens=LENGTH_TOKENS)
        config, _ = resolve(build(_ONE_AT_A_TIME | WAYS[way]), around)
        load = (config, facts, 1, LENGTH_TOKENS)
        return cls(facts, config, estimate_vram(*load) or estimate(*load))

    @property
    def answering(self) -> dict[str, float]:
        """Bytes by what they are for."""
        facts, held = self.facts, self.training.moments["training"]
        plain = BYTES[self.config.model.precision]
        return {
            "libraries": held.get("libraries", 0.0) + held.get("context", 0.0),
            "weights": Quantization.of(self.config.model).weight_bytes(facts, plain),
            "adapter": 0.0 if self.config.method.name == "full" else _FP32 * count_trained(self.config, facts),
            "keys and values": 2.0 * plain * facts.layers * facts.key_value_width * READ_TOKENS,
        }


def weigh_all(memory: Memory) -> list[Row]:
    """Every well-known model, the smallest first."""
    return [_row(facts, memory) for facts in well_known()]


def describe(memory: Memory, rows: list[Row]) -> dict[str, Any]:
    """The same as JSON."""
    settings = {"length_tokens": LENGTH_TOKENS, "micro_batch_size": 1, "read_tokens": READ_TOKENS}
    return asdict(memory) | settings | {"models": [asdict(row) for row in rows]}


def _row(facts: ModelFacts, memory: Memory) -> Row:
    uses = {way: Use.of(facts, way, memory.free_gb) for way in WAYS}
    return Row(
        model=facts.name,
        parameters=facts.parameters,
        download_gb=facts.size_gb,
        training={way: memory.need(use.training.gb) for way, use in uses.items()},
        answering={way: memory.need(sum(use.answering.values()) / 1e9) for way, use in uses.items()},
    )
