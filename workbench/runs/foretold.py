"""What was foretold of a run before it began, kept in its folder: to be held against what came."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from workbench.jobs.files import read_json, write_json

_NAME = "estimate.json"


@dataclass(frozen=True)
class Foretold:
    """As planned. Terms in bytes, by moment and by name."""

    ram_gb: float
    ram_free_gb: float
    ram: Mapping[str, Mapping[str, float]]
    correction: float
    """How far earlier runs moved the terms that are not libraries; these are after that."""
    vram: Mapping[str, Mapping[str, float]] | None
    vram_free_gb: float | None
    steps: int
    low_seconds: float
    high_seconds: float
    basis: str
    """What the time rests on: arithmetic, rates of this machine, or an earlier run."""
    kind: Mapping[str, Any]
    """What runs have in common that are like each other: engine, model, method, machine, versions."""

    @property
    def seconds_per_step(self) -> float:
        """At most, with its share of all that is done beside the updates."""
        return self.high_seconds / max(1, self.steps)

    @property
    def ram_terms(self) -> Mapping[str, float]:
        return _peak(self.ram)

    def keep(self, folder: Path) -> None:
        write_json(folder / _NAME, asdict(self) | {"seconds_per_step": self.seconds_per_step})

    def tell_lack(self, taken_gb: float) -> str:
        """One sentence on a run that found no more memory when it had taken so much."""
        return _tell_lack("It", taken_gb, self.ram_gb, self.ram_free_gb)

    def tell_lack_of_vram(self, taken_gb: float) -> str:
        foretold_gb = sum(_peak(self.vram).values()) / 1e9 if self.vram else None
        return _tell_lack("The GPU", taken_gb, foretold_gb, self.vram_free_gb)


def recall(folder: Path) -> Foretold | None:
    """None of a run that was made before this was kept, or elsewhere."""
    record = read_json(folder / _NAME)
    try:
        return Foretold(**{field.name: record[field.name] for field in fields(Foretold)})
    except KeyError:
        return None


def _peak(moments: Mapping[str, Mapping[str, float]]) -> Mapping[str, float]:
    return max(moments.values(), key=lambda terms: sum(terms.values()))


def _tell_lack(who: str, taken_gb: float, foretold_gb: float | None, free_gb: float | None) -> str:
    known = [
        *([f"{_gb(foretold_gb)} GB were foretold"] if foretold_gb else []),
        *([f"{_gb(free_gb)} GB were free"] if free_gb else []),
    ]
    beside = f"; {', '.join(known)}" if known else ""
    return f"{who} ran out of memory at {_gb(taken_gb)} GB{beside}."


def _gb(amount: float) -> str:
    return f"{amount:.1f}" if amount >= 1 else f"{amount:.2f}"
