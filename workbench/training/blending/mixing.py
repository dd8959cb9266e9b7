"""Makes the files of a blended adapter out of those of its parts, a layer at a time, without their model."""

import json
import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open
from safetensors.torch import save_file

from workbench.methods import targets
from workbench.training.blending.arithmetic import Update, combining, put_side_by_side
from workbench.training.blending.parts import A, B, Part, key
from workbench.training.blending.recipe import Recipe
from workbench.training.importing.files import CONFIG, WEIGHTS
from workbench.training.importing.ranks import RANKS, STRENGTHS

Tell = Callable[[int, int], None]
"""So many layers are done, of so many."""


@dataclass
class Sizes:
    """How large the change of the weights is that each part brings, and how far the blend is from their sum."""

    parts: list[float]
    exact: float = 0.0
    missed: float = 0.0

    @property
    def difference(self) -> float:
        """How far the blend is from the exact weighted sum, as a share of that; 0 is exact."""
        return math.sqrt(max(0.0, self.missed) / self.exact) if self.exact else 0.0

    @property
    def shares(self) -> list[float]:
        """How much of the change is each part's; together 1."""
        sizes = [math.sqrt(part) for part in self.parts]
        return [size / (sum(sizes) or 1.0) for size in sizes]

    def add(self, updates: Mapping[int, Update], blended: Update) -> None:
        """Take in one layer; updates are by the number of their part."""
        whole = put_side_by_side(list(updates.values()))
        for number, update in updates.items():
            self.parts[number] += update.times(update)
        exact = whole.times(whole)
        self.exact += exact
        self.missed += exact - 2 * whole.times(blended) + blended.times(blended)


@dataclass
class _Blend:
    tensors: dict[str, torch.Tensor] = field(default_factory=dict)
    ranks: dict[str, int] = field(default_factory=dict)


def mix(recipe: Recipe, folder: Path, tell: Tell) -> Sizes:
    """Leave the two files that stock PEFT reads in `folder`."""
    torch.manual_seed(recipe.request.seed)
    combine = combining(recipe.request, recipe.most_rank)
    made, sizes = _Blend(), Sizes([0.0] * len(recipe.parts))
    layers = recipe.layers
    for done, (layer, updates) in enumerate(_read(recipe, layers)):
        tell(done, len(layers))
        blended = combine(list(updates.values()))
        sizes.add(updates, blended)
        made.ranks[layer] = len(blended.a)
        made.tensors |= {key(layer, A): blended.a.contiguous(), key(layer, B): blended.b.contiguous()}
    save_file(made.tensors, folder / WEIGHTS, metadata={"format": "pt"})
    (folder / CONFIG).write_text(json.dumps(_config(made.ranks), indent=1) + "\n", encoding="utf-8")
    return sizes


def _read(recipe: Recipe, layers: list[str]) -> Iterator[tuple[str, dict[int, Update]]]:
    """What each part adds to each layer, by the number of the part."""
    with ExitStack() as stack:
        files = [stack.enter_context(safe_open(part.folder / WEIGHTS, "pt")) for part in recipe.parts]
        for layer in layers:
            yield (
                layer,
                {
                    number: _update(files[number], part, layer, recipe.weights[number])
                    for number, part in enumerate(recipe.parts)
                    if layer in part.ranks
                },
            )


def _update(file: Any, part: Part, layer: str, weight: float) -> Update:
    a, b = (file.get_tensor(key(layer, half)).float() for half in (A, B))
    return Update(a, b, weight * part.strength(layer))


def _config(ranks: Mapping[str, int]) -> dict[str, Any]:
    """The strength stands in the halves, so that alpha is the rank everywhere."""
    usual = Counter(ranks.values()).most_common(1)[0][0]
    others: dict[int, list[str]] = {}
    for layer, rank in ranks.items():
        if rank != usual:
            others.setdefault(rank, []).append(layer)
    by_ending = {end: rank for rank, names in others.items() for end in targets.suffixes(names, list(ranks))}
    return {
        "peft_type": "LORA",
        "task_type": "CAUSAL_LM",
        "r": usual,
        "lora_alpha": usual,
        "use_dora": False,
        "use_rslora": False,
        "target_modules": list(ranks),
        RANKS: by_ending,
        STRENGTHS: {end: float(rank) for end, rank in by_ending.items()},
    }
