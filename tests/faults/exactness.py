"""The table of docs/exact-resume.md: for which methods, precisions and batchings a resume is exact."""

from dataclasses import dataclass
from pathlib import Path

from workbench.config.run_config import RunConfig

_PAGE = Path(__file__).parents[2] / "docs" / "exact-resume.md"


@dataclass(frozen=True)
class Cell:
    """One `yes` or `no` of the table."""

    method: str
    precision: str
    batching: str
    proved: bool

    def __str__(self) -> str:
        return f"{self.method}-{self.precision}-{self.batching}"

    def settings(self, config: RunConfig) -> RunConfig:
        config = config.changed("model.precision", self.precision).changed("training.batching", self.batching)
        assert config.method.name == self.method
        return config


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
