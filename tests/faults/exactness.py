"""The table of docs/exact-resume.md: for which methods, precisions and batchings a resume is exact."""

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

_PAGE = Path(__file__).parents[2] / "docs" / "exact-resume.md"


@dataclass(frozen=True)
class Cell:
    """One `yes` or `no` of the table. `precision` is how the frozen weights are held, quantised ones included."""

    method: str
    precision: str
    batching: str
    proved: bool

    def __str__(self) -> str:
        return f"{self.method}-{self.precision}-{self.batching}"

    @property
    def is_quantised(self) -> bool:
        return self.precision in CHOICES["model.quantization"]

    def settings(self, config: RunConfig) -> RunConfig:
        held = "model.quantization" if self.is_quantised else "model.precision"
        chosen = {"method.name": self.method, held: self.precision, "training.batching": self.batching}
        return build(chosen | _SMALL.get(self.method, {}), config)


def read_table() -> list[Cell]:
    rows = [_cells(line) for line in _PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("|")]
    (_, _, *batchings), _, *body = rows
    return [
        Cell(method, precision, batching, {"yes": True, "no": False}[word])
        for method, precision, *words in body
        for batching, word in zip(batchings, words, strict=True)
    ]


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in line.strip("|").split("|")]
