"""A blend that can be made: its parts, looked at side by side, and what should be known about it. No torch."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from workbench.config.methods import MOST_RANK
from workbench.errors import RunError
from workbench.training.blending.parts import Part, look_at
from workbench.training.blending.request import BlendRequest
from workbench.training.blending.ways import EXACT, SMALLER, WAYS, Way

_EITHER = f"Choose “{WAYS[EXACT].label}” ({EXACT}) or “{WAYS[SMALLER].label}” ({SMALLER}), which take any ranks."


@dataclass(frozen=True)
class Recipe:
    """The first part is what model, template and system prompt are taken from."""

    request: BlendRequest
    parts: tuple[Part, ...]
    notes: tuple[str, ...]
    """Sentences on what is no obstacle, and worth knowing."""

    @property
    def way(self) -> Way:
        return WAYS[self.request.way]

    @property
    def layers(self) -> list[str]:
        """Every layer that any of the parts stands beside."""
        return list(dict.fromkeys(layer for part in self.parts for layer in part.ranks))

    @property
    def weights(self) -> list[float]:
        return [share.weight for share in self.request.shares]

    @property
    def ranks(self) -> list[int]:
        """Those that the blend will have, a layer each."""
        each = [[part.ranks[layer] for part in self.parts if layer in part.ranks] for layer in self.layers]
        if self.way.needs_equal_ranks:
            return [ranks[0] for ranks in each]
        return [min(self.most_rank, sum(ranks)) if self.way.has_rank else sum(ranks) for ranks in each]

    @property
    def most_rank(self) -> int:
        """What SVD keeps at most."""
        return self.request.rank or max(max(part.ranks.values()) for part in self.parts)


def check(request: BlendRequest, root: Path) -> Recipe:
    """Look at all that is to be blended, without loading any of it.

    Raises RunError for the first thing that stands in the way, by the names of the runs.
    """
    request.check()
    parts = tuple(look_at(root, share.run) for share in request.shares)
    _check_models(parts)
    recipe = Recipe(request, parts, ())
    if recipe.way.needs_equal_ranks:
        _check_ranks(recipe)
    elif request.way == EXACT:
        _check_sum(recipe)
    return replace(recipe, notes=tuple(_notes(recipe)))


def _check_models(parts: tuple[Part, ...]) -> None:
    first = parts[0]
    for part in parts[1:]:
        if _mark(part) == _mark(first):
            continue
        theirs, ours = part.config.model.path, first.config.model.path
        if theirs == ours:
            told = f"{_short(ours)} was changed between {first.name} and {part.name}."
            raise RunError(told, "Only adapters of the same weights can be blended.")
        if _short(theirs) != _short(ours):
            theirs, ours = _short(theirs), _short(ours)
        told = f"{part.name} is for {theirs}, and {first.name} for {ours}."
        raise RunError(told, "Only adapters of one model can be blended. Choose runs on the same one.")


def _check_ranks(recipe: Recipe) -> None:
    for layer in recipe.layers:
        ranked = [(part.name, part.ranks[layer]) for part in recipe.parts if layer in part.ranks]
        name, rank = ranked[0]
        other = next(((one, its) for one, its in ranked if its != rank), None)
        if other:
            where = "" if _is_even(recipe.parts) else f" at {layer}"
            told = f"{name} has rank {rank} and {other[0]} rank {other[1]}{where}, and {recipe.request.way} needs"
            raise RunError(f"{told} equal ranks.", _EITHER)


def _check_sum(recipe: Recipe) -> None:
    if (most := max(recipe.ranks)) > MOST_RANK:
        told = f"Side by side these adapters have rank {most}, and {MOST_RANK} is the most."
        raise RunError(told, f"Choose “{WAYS[SMALLER].label}” ({SMALLER}), or fewer adapters.")


def _is_even(parts: tuple[Part, ...]) -> bool:
    return all(len(set(part.ranks.values())) == 1 for part in parts)


def _notes(recipe: Recipe) -> Iterator[str]:
    first, others = recipe.parts[0], recipe.parts[1:]
    if other := next((part for part in others if part.ranks.keys() != first.ranks.keys()), None):
        yield (
            f"{first.name} and {other.name} stand beside different layers. Where only one of them does, the blend has "
            "that one's part alone."
        )
    ours = first.config.data
    if other := next((part for part in others if part.config.data.template != ours.template), None):
        theirs = other.config.data.template
        yield f"{other.name} learned with the template {theirs}. The blend has {ours.template}, as {first.name} has."
    if other := next((part for part in others if part.config.data.system_prompt != ours.system_prompt), None):
        yield f"{other.name} learned with another system prompt. The blend has that of {first.name}."
    kinds = {part.config.model.quantization for part in recipe.parts}
    if len(kinds) > 1:
        yield "Some learned on compressed weights and some on whole ones. The blend stands on whole ones."


def _mark(part: Part) -> str:
    """What tells the weights it was trained on from others."""
    return part.fingerprint or part.config.model.path


def _short(model: str) -> str:
    """A name, or the last part of a path."""
    return Path(model).name
