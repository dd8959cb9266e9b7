"""What earlier runs on this machine really took, held against what was foretold of them.

It stands in the runs' own folders: delete them, and an estimate is what arithmetic makes of it.
"""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any

from workbench import __version__
from workbench.config.run_config import RunConfig
from workbench.hardware.devices import machine
from workbench.jobs.folder import Exit
from workbench.memory.terms import Estimate
from workbench.runs import foretold
from workbench.runs.metrics import last_row
from workbench.runs.run_dir import RunDir

_LOOKED_AT = 40
"""Runs, the newest: of older ones little can be learned that they do not tell."""

_FEW = 5
_ALIKE = 2.0
"""How many times as much another run may have needed for what it took to say something about this one."""

_LEAST, _MOST = 0.85, 1.25
_LONG_ENOUGH = 0.5
"""The share of its updates after which a run that was stopped had seen examples enough."""


@dataclass(frozen=True)
class Past:
    """How far earlier runs of the same kind move an estimate."""

    factor: float = 1.0
    """On what is not libraries, which are the same for all."""
    runs: int = 0

    def correct(self, estimate: Estimate) -> Estimate:
        def moved(name: str, taken: float) -> float:
            return taken if name == "libraries" else self.factor * taken

        return Estimate(
            {
                moment: {name: moved(name, taken) for name, taken in terms.items()}
                for moment, terms in estimate.moments.items()
            }
        )

    def sentence(self) -> str:
        """ "corrected by 3 earlier runs: +6 %"; empty where nothing was moved that could be seen."""
        percent = round(100 * (self.factor - 1))
        if not percent:
            return ""
        return f"corrected by {self.runs} earlier {'run' if self.runs == 1 else 'runs'}: {percent:+d} %"


def kind_of(config: RunConfig) -> dict[str, Any]:
    """What another run must have in common with this one to say something about it. `config` must be resolved."""
    model = config.model
    return {
        "engine": config.hardware.engine,
        "model": model.path,
        "quantization": model.quantization,
        "precision": model.precision,
        "method": config.method.name,
        "checkpointing": config.training.gradient_checkpointing,
        "cpu": machine().cpu,
        **_versions(),
    }


@dataclass(frozen=True)
class Measured:
    """A run whose peak was really measured."""

    kind: Mapping[str, Any]
    own_bytes: float
    """As the formulas alone had it."""
    factor: float


History = tuple[Measured, ...]
"""The newest first."""


def read_history(root: Path) -> History:
    """A run is read anew only when it has ended anew, since a form asks at every keystroke."""
    ended = sorted(_ended(root / "runs"), reverse=True)[:_LOOKED_AT]
    return tuple(found for stamp, folder in ended if (found := _read(folder, stamp)))


def learn(history: History, kind: Mapping[str, Any], estimate: Estimate) -> Past:
    """From the last few runs of this kind."""
    own = _own_bytes(estimate.terms)
    alike = (one.factor for one in history if one.kind == kind and own / _ALIKE <= one.own_bytes <= own * _ALIKE)
    factors = list(islice(alike, _FEW))
    if not factors:
        return Past()
    return Past(min(_MOST, max(_LEAST, median(factors))), len(factors))


@cache
def _versions() -> dict[str, str]:
    """Of what decides on memory: the formulas, and what computes."""
    return {"workbench": __version__, "torch": version("torch")}


def _ended(folder: Path) -> Iterator[tuple[int, Path]]:
    for path in folder.glob("*/exit.json"):
        with suppress(FileNotFoundError):
            yield path.stat().st_mtime_ns, path.parent


@lru_cache(maxsize=4 * _LOOKED_AT)
def _read(folder: Path, stamp: int) -> Measured | None:
    """None of one that does not tell. `stamp` is of its end."""
    run = RunDir(folder)
    told, ended = foretold.recall(folder), run.exit()
    if told is None or ended is None or not ended.peak_gb:
        return None
    own = _own_bytes(told.ram_terms) / told.correction
    factor = (1e9 * ended.peak_gb - told.ram_terms.get("libraries", 0.0)) / max(own, 1.0)
    if ended.out_of_memory:
        # It would have taken more, nobody knows how much.
        return Measured(told.kind, own, factor) if factor > 1.0 else None
    return Measured(told.kind, own, factor) if _ran_long_enough(run, ended) else None


def _ran_long_enough(run: RunDir, ended: Exit) -> bool:
    """In one go: what a later attempt took says nothing of the first."""
    status = run.stored_status()
    through = status.phase == "finished" or status.step >= _LONG_ENOUGH * status.steps > 0
    return ended.code == 0 and through and last_row(run.metrics_path).get("attempt") == 1


def _own_bytes(terms: Mapping[Any, float]) -> float:
    return sum(taken for name, taken in terms.items() if name != "libraries")
