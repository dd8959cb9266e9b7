"""The tables of docs/exact-resume.md: for which methods, precisions and batchings a resume is exact, by engine."""

from dataclasses import dataclass
from pathlib import Path

from workbench.config.build import build
from workbench.config.fields import leaves
from workbench.config.run_config import RunConfig

CHOICES = {leaf.path: leaf.spec.choices for leaf in leaves(RunConfig)}

_WORDS = {"method.virtual_tokens": 4}
_SMALL: dict[str, dict[str, int]] = {
    "vera": {"method.projection_rank": 32},
    "oft": {"method.block_size": 16},
    "bottleneck": {"method.reduction_factor": 8},
    "prefix_tuning": _WORDS,
    "lora_prefix": _WORDS,
    "last_layers": {"method.trained_layers": 1},
    "prompt_tuning": _WORDS,
    "p_tuning": _WORDS | {"method.encoder_hidden_size": 16},
}
"""Settings that suit a tiny model."""

_PROVED = {"yes": True, "no": False}
_PAGE = Path(__file__).parents[2] / "docs" / "exact-resume.md"


_FAST = "## The fast engine"
"""The table below it is of LoRA alone."""


@dataclass(frozen=True)
class Cell:
    """One `yes` or `no` of a table. `precision` is how the frozen weights are held, quantised ones included."""

    engine: str
    method: str
    precision: str
    batching: str
    proved: bool

    def __str__(self) -> str:
        return f"{self.engine}-{self.method}-{self.precision}-{self.batching}"

    @property
    def is_quantised(self) -> bool:
        return self.precision in CHOICES["model.quantization"]

    def settings(self, config: RunConfig) -> RunConfig:
        held = "model.quantization" if self.is_quantised else "model.precision"
        chosen = {"method.name": self.method, held: self.precision, "training.batching": self.batching}
        chosen["hardware.engine"] = self.engine
        return build(chosen | _SMALL.get(self.method, {}), config)


def read_table() -> list[Cell]:
    """Of the standard engine."""
    standard, _ = _page()
    (_, _, *batchings), *body = _rows(standard)
    return [
        Cell("standard", method, precision, batching, _PROVED[word])
        for method, precision, *words in body
        for batching, word in zip(batchings, words, strict=True)
    ]


def read_fast_table() -> list[Cell]:
    _, fast = _page()
    (_, *batchings), *body = _rows(fast)
    return [
        Cell("fast", "lora", precision, batching, _PROVED[word])
        for precision, *words in body
        for batching, word in zip(batchings, words, strict=True)
    ]


def _page() -> tuple[str, str]:
    """What it says of each engine."""
    standard, _, fast = _PAGE.read_text(encoding="utf-8").partition(_FAST)
    return standard, fast


def _rows(text: str) -> list[list[str]]:
    """The header of a table, and its rows."""
    header, _, *body = [_cells(line) for line in text.splitlines() if line.startswith("|")]
    return [header, *body]


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|").split("|")]
