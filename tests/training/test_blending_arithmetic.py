"""What blends compute, beside stock PEFT's own and beside the sum of what their parts do."""

import tempfile
from pathlib import Path
from typing import Any

import pytest
import torch
from peft import PeftModel

from tests.methods.made import logits
from tests.training.blended import made_run, recipe
from tests.training.foreign_adapter import DOWN, QUERY
from workbench.models.load import load_model
from workbench.runs.run_dir import RunDir
from workbench.training.blending.keeping import find_model, make_run
from workbench.training.blending.mixing import mix
from workbench.training.blending.provenance import Provenance
from workbench.training.blending.recipe import Recipe

_WEIGHTS = {"pirate": 0.7, "chef": -0.4}


def blend(wanted: Recipe, root: Path) -> RunDir:
    """All that the process does, here."""
    folder = Path(tempfile.mkdtemp(prefix=".aside-", dir=root / "runs"))
    sizes = mix(wanted, folder, lambda done, layers: None)
    origin = Provenance.tell(wanted, sizes.shares, sizes.difference)
    return make_run(wanted, find_model(wanted), origin, folder).move_to(root)


def difference(run: RunDir) -> float:
    origin = Provenance.of(run)
    assert origin is not None
    return origin.difference


def network(model: Path, folder: Path) -> Any:
    return PeftModel.from_pretrained(load_model(model, "fp32", "cpu"), str(folder))


def summed(model: Path, wanted: Recipe) -> torch.Tensor:
    """What the model says with the updates of all parts, each times its weight, added to its weights."""
    base = load_model(model, "fp32", "cpu")
    for part, weight in zip(wanted.parts, wanted.weights, strict=True):
        adapted = network(model, part.folder)
        for name in part.ranks:
            update = adapted.get_submodule(f"base_model.model.{name}").get_delta_weight("default")
            base.get_submodule(name).weight.data += weight * update
    return logits(base)


def peft_blend(model: Path, wanted: Recipe) -> torch.Tensor:
    """What stock PEFT's own blend of the same says."""
    adapted = network(model, wanted.parts[0].folder)
    adapted.load_adapter(str(wanted.parts[1].folder), "other")
    inject = adapted.base_model.inject_adapter

    def inject_and_seed(*arguments: Any) -> None:
        # The new adapter begins with random numbers, which are replaced: they must not count.
        inject(*arguments)
        torch.manual_seed(wanted.request.seed)

    adapted.base_model.inject_adapter = inject_and_seed
    settings: dict[str, Any] = {"density": wanted.request.density} if wanted.way.has_density else {}
    adapted.add_weighted_adapter(["default", "other"], wanted.weights, "both", wanted.request.way, **settings)
    adapted.set_adapter("both")
    return logits(adapted)


def test_side_by_side_is_the_exact_sum_for_any_ranks_and_layers(root: Path, tiny_model: Path) -> None:
    made_run(root, tiny_model, "pirate", {QUERY: 4, DOWN: 4})
    made_run(root, tiny_model, "chef", {QUERY: 6}, use_rslora=True, lora_alpha=3)
    wanted = recipe(root, _WEIGHTS)
    run = blend(wanted, root)
    assert torch.allclose(logits(network(tiny_model, run.adapter_dir)), summed(tiny_model, wanted), atol=1e-5)
    assert not torch.allclose(summed(tiny_model, wanted), logits(load_model(tiny_model, "fp32", "cpu")), atol=1e-2)
    assert run.asked().method.model_dump()["rank_pattern"] in ("q_proj 10", "down_proj 4")
    assert difference(run) < 1e-6


def test_made_smaller_it_is_the_sum_at_its_whole_rank_and_tells_what_a_smaller_one_loses(
    root: Path, tiny_model: Path
) -> None:
    for name in _WEIGHTS:
        made_run(root, tiny_model, name)
    exact = summed(tiny_model, recipe(root, _WEIGHTS))
    whole, small = (blend(recipe(root, _WEIGHTS, way="svd", rank=rank), root) for rank in (8, 3))
    assert torch.allclose(logits(network(tiny_model, whole.adapter_dir)), exact, atol=1e-4)
    assert difference(whole) < 1e-4 < 0.1 < difference(small)
    assert small.asked().method.model_dump()["rank"] == 3
    assert "differs from the exact sum" in small.status().message
    assert "does exactly what its parts do" in whole.status().message


@pytest.mark.slow
@pytest.mark.parametrize("way", ["linear", "ties", "dare_linear", "dare_ties", "cat", "svd"])
def test_each_way_is_stock_pefts(way: str, root: Path, tiny_model: Path) -> None:
    """To the seed: of one kind of layers both go through them in one order."""
    for name in _WEIGHTS:
        made_run(root, tiny_model, name, {QUERY: 4})
    wanted = recipe(root, _WEIGHTS, way=way, seed=5)
    ours = logits(network(tiny_model, blend(wanted, root).adapter_dir))
    assert torch.allclose(ours, peft_blend(tiny_model, wanted), atol=1e-4)
    if wanted.way.is_random:
        other = blend(recipe(root, _WEIGHTS, way=way, seed=6), root)
        assert not torch.allclose(ours, logits(network(tiny_model, other.adapter_dir)), atol=1e-4)


def test_halves_that_are_added_are_not_the_sum(root: Path, tiny_model: Path) -> None:
    for name in _WEIGHTS:
        made_run(root, tiny_model, name)
    assert difference(blend(recipe(root, _WEIGHTS, way="linear"), root)) > 0.1
