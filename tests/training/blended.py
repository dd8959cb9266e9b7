"""Runs that can be blended: adapters written by hand, taken in as one of the tiny Llama's."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from tests.training.foreign_adapter import DOWN, QUERY, Tensors, write
from workbench.runs.run_dir import RunDir
from workbench.training.blending.recipe import Recipe, check
from workbench.training.blending.request import BlendRequest, Share
from workbench.training.importing.keeping import import_adapter

_SIZES = {QUERY: (64, 64), DOWN: (64, 128)}
_NAMES = {QUERY: "q_proj", DOWN: "down_proj"}


def halves(seed: int, ranks: Mapping[str, int]) -> Tensors:
    """Of adapters beside both blocks' layers of these kinds, each with its rank."""
    random = np.random.default_rng(seed)
    shapes = {}
    for layer in range(2):
        for place, rank in ranks.items():
            outputs, inputs = _SIZES[place]
            shapes[f"{place.format(layer)}.lora_A.weight"] = (rank, inputs)
            shapes[f"{place.format(layer)}.lora_B.weight"] = (outputs, rank)
    return {key: random.normal(0, 0.1, shape).astype(np.float32) for key, shape in shapes.items()}


def made_run(place: Path, model: Path, name: str, ranks: Mapping[str, int] | None = None, **changes: Any) -> RunDir:
    """A run of this name in the workspace `place`; `changes` are keys of the adapter's config."""
    wanted = ranks or {QUERY: 4, DOWN: 4}
    settings = {"r": next(iter(wanted.values())), "target_modules": [_NAMES[layer] for layer in wanted]} | changes
    stored = halves(sum(map(ord, name)), wanted)
    folder = write(place.parent / f"foreign-{name}", stored, **settings)
    return import_adapter([folder], str(model), place, name)


def recipe(root: Path, weights: Mapping[str, float], **settings: Any) -> Recipe:
    """Checked: runs by their ids, each with its weight."""
    shares = tuple(Share(run, weight) for run, weight in weights.items())
    return check(BlendRequest(shares, **settings), root)
