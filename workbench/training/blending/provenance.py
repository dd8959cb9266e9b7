"""What a blend was made of, and how: kept in its run, so that it outlives the runs of its parts. No torch."""

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib import metadata
from typing import Any, Self

from workbench import __version__
from workbench.data.preparing.results import sha256_of
from workbench.jobs.files import read_json
from workbench.runs.run_dir import RunDir
from workbench.training.blending.recipe import Recipe
from workbench.training.blending.ways import WAYS
from workbench.training.importing.files import CONFIG, WEIGHTS

_EXACT = 1e-4
"""Rounding makes a difference that is smaller."""
_LIBRARIES = ("torch", "peft", "safetensors")


@dataclass(frozen=True)
class PartOf:
    """One adapter of a blend, as it was then."""

    id: str
    name: str
    weight: float
    rank: int
    """The largest that it has beside any layer."""
    share: float
    """How much of the change of the weights it brought; those of all parts make 1."""
    sha256: dict[str, str]
    """Of each of its files."""


@dataclass(frozen=True)
class Provenance:
    """A blend's whole origin. What its way does not have is None."""

    parts: tuple[PartOf, ...]
    way: str
    density: float | None
    rank: int | None
    seed: int | None
    difference: float
    """How far it is from the exact weighted sum, as a share of that."""
    notes: tuple[str, ...]
    versions: dict[str, str]
    at: float

    @classmethod
    def of(cls, run: RunDir) -> Self | None:
        """None of a run that is no blend."""
        said = read_json(run.blend_path)
        if not said:
            return None
        parts = tuple(PartOf(**part) for part in said.pop("parts"))
        return cls(**{**said, "parts": parts, "notes": tuple(said["notes"])})

    @classmethod
    def tell(cls, recipe: Recipe, shares: Sequence[float], difference: float) -> Self:
        """Of a blend that has just been made; `shares` are those of its parts."""
        request, way = recipe.request, recipe.way
        return cls(
            parts=tuple(_part(recipe, number, share) for number, share in enumerate(shares)),
            way=request.way,
            density=request.density if way.has_density else None,
            rank=recipe.most_rank if way.has_rank else None,
            seed=request.seed if way.is_random else None,
            difference=difference,
            notes=recipe.notes,
            versions={"workbench": __version__, **{name: metadata.version(name) for name in _LIBRARIES}},
            at=time.time(),
        )

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    def sentence(self) -> str:
        """What it is made of, and how."""
        named = [f"{part.weight:g} × {part.name}" for part in self.parts]
        return f"Blended from {', '.join(named[:-1])} and {named[-1]}. {WAYS[self.way].label}{self._settings()}."

    def exactness(self) -> str:
        """How near it is to what its parts do together."""
        if self.difference < _EXACT:
            return "It does exactly what its parts do together, each times its weight."
        return f"It differs from the exact sum of its parts by {100 * self.difference:.0f} % of that."

    def _settings(self) -> str:
        settings = {"rank": self.rank, "density": self.density, "seed": self.seed}
        told = [f"{name} {value:g}" for name, value in settings.items() if value is not None]
        return f": {', '.join(told)}" if told else ""


def _part(recipe: Recipe, number: int, share: float) -> PartOf:
    part = recipe.parts[number]
    return PartOf(
        id=part.run.id,
        name=part.name,
        weight=recipe.weights[number],
        rank=max(part.ranks.values()),
        share=round(share, 4),
        sha256={name: sha256_of(part.folder / name) for name in (WEIGHTS, CONFIG)},
    )
