"""What can be blended and what cannot, by name, before anything is begun."""

from pathlib import Path

import numpy as np
import pytest

from tests.tiny import make_model
from tests.training.blended import made_run, recipe
from tests.training.foreign_adapter import DOWN, QUERY, tensors, write
from workbench.config.build import build
from workbench.errors import RunError
from workbench.jobs.folder import Status
from workbench.methods.table import METHODS
from workbench.runs.run_dir import RunDir
from workbench.training.blending.request import BlendRequest, Share
from workbench.training.importing.keeping import import_adapter

_BOTH = {"pirate": 0.7, "chef": 0.3}


def refusal(root: Path, weights: dict[str, float], **settings: object) -> str:
    with pytest.raises(RunError) as refused:
        recipe(root, weights, **settings)
    return str(refused.value)


def bare_run(like: RunDir, settings: dict[str, object]) -> RunDir:
    """One that has ended, with a folder for its adapter."""
    run = RunDir.create(like.root, "other", build(settings, like.asked()), {})
    run.adapter_dir.mkdir()
    run.write_status(Status("finished"))
    return run


@pytest.fixture
def pirate(root: Path, tiny_model: Path) -> RunDir:
    return made_run(root, tiny_model, "pirate", {QUERY: 4})


def test_what_is_no_blend_is_refused_before_any_run_is_looked_at(root: Path) -> None:
    assert "needs at least 2 adapters" in refusal(root, {"pirate": 1})
    assert "at most 6" in refusal(root, {str(number): 1.0 for number in range(7)})
    assert "pirate has the weight 0" in refusal(root, {"pirate": 0, "chef": 1})
    assert "The weight of pirate is 7." in refusal(root, {"pirate": 7, "chef": 1})
    assert "The weight of chef is nan." in refusal(root, {"pirate": 1, "chef": float("nan")})
    assert "no way “soup”" in refusal(root, _BOTH, way="soup")
    assert "0 cannot be the share" in refusal(root, _BOTH, way="ties", density=0)
    assert "rank 300 is outside 1 to 256" in refusal(root, _BOTH, way="svd", rank=300)
    assert "There is no run pirate." in refusal(root, _BOTH)
    with pytest.raises(RunError, match="pirate is chosen twice"):
        BlendRequest((Share("pirate", 0.5), Share("pirate", 0.7))).check()


def test_different_ranks_are_refused_by_name_where_the_way_needs_equal_ones(pirate: RunDir, tiny_model: Path) -> None:
    made_run(pirate.root, tiny_model, "chef", {QUERY: 6})
    for way in ("linear", "ties", "dare_linear", "dare_ties"):
        told = refusal(pirate.root, _BOTH, way=way)
        assert f"pirate has rank 4 and chef rank 6, and {way} needs equal ranks." in told
        assert "(cat) or" in told
    for way in ("cat", "svd"):
        assert recipe(pirate.root, _BOTH, way=way).notes == ()


def test_a_single_layer_of_another_rank_is_named(pirate: RunDir, tiny_model: Path) -> None:
    patterns = {"rank_pattern": {"down_proj": 4}, "alpha_pattern": {"down_proj": 6}}
    made_run(pirate.root, tiny_model, "cook", {QUERY: 4, DOWN: 4})
    made_run(pirate.root, tiny_model, "chef", {QUERY: 6, DOWN: 4}, lora_alpha=9, **patterns)
    told = refusal(pirate.root, {"cook": 1, "chef": 1}, way="linear")
    assert "cook has rank 4 and chef rank 6 at model.layers.0.self_attn.q_proj" in told


def test_ranks_that_add_up_to_too_much_are_refused(root: Path, tiny_model: Path) -> None:
    for name in _BOTH:
        made_run(root, tiny_model, name, {QUERY: 150})
    assert "have rank 300, and 256 is the most" in refusal(root, _BOTH)


def test_another_model_is_refused_by_name(pirate: RunDir, tmp_path: Path) -> None:
    made_run(pirate.root, make_model(tmp_path / "small", seed=1), "chef")
    assert "chef is for small, and pirate for tiny." in refusal(pirate.root, _BOTH)
    namesake = make_model(tmp_path / "other" / "tiny", seed=2)
    made_run(pirate.root, namesake, "cook")
    assert f"cook is for {namesake}, and pirate for " in refusal(pirate.root, {"pirate": 1, "cook": 1})


def test_layers_held_as_a_whole_and_dora_are_refused_by_name(pirate: RunDir, tiny_model: Path, tmp_path: Path) -> None:
    head = {"base_model.model.lm_head.weight": np.zeros((400, 64), "f4")}
    lengths = {f"{QUERY.format(layer)}.lora_magnitude_vector": np.ones(64, "f4") for layer in range(2)}
    lengths |= {f"{DOWN.format(layer)}.lora_magnitude_vector": np.ones(64, "f4") for layer in range(2)}
    made = {
        "speaker": write(tmp_path / "speaker", tensors() | head, modules_to_save=["lm_head"]),
        "dora": write(tmp_path / "dora", tensors() | lengths, use_dora=True),
    }
    for name, folder in made.items():
        import_adapter([folder], str(tiny_model), pirate.root, name)
    assert "The adapter of speaker holds lm_head as a whole" in refusal(pirate.root, {"pirate": 1, "speaker": 1})
    assert "dora is DoRA" in refusal(pirate.root, {"pirate": 1, "dora": 1})


@pytest.mark.parametrize("method", [name for name in METHODS if name != "lora"])
def test_every_other_method_is_refused_by_name(method: str, pirate: RunDir) -> None:
    other = bare_run(pirate, {"method.name": method})
    assert f"{other.name} is {METHODS[method].label}, and only LoRA" in refusal(pirate.root, {"pirate": 1, other.id: 1})


def test_what_is_not_ready_or_stands_on_another_adapter_is_refused_by_name(pirate: RunDir) -> None:
    built = bare_run(pirate, {"model.merged": "pirate"})
    assert "was built on the merged adapter of pirate." in refusal(pirate.root, {"pirate": 1, built.id: 1})
    empty = RunDir.create(pirate.root, "empty", pirate.asked(), {})
    assert "empty has no adapter yet." in refusal(pirate.root, {"pirate": 1, empty.id: 1})
    (pirate.adapter_dir / "adapter_model.safetensors").unlink()
    assert "The adapter of pirate cannot be read" in refusal(pirate.root, {"pirate": 1, built.id: 1})


def test_what_differs_and_is_no_obstacle_is_told(pirate: RunDir, tiny_model: Path) -> None:
    made_run(pirate.root, tiny_model, "chef", {QUERY: 4, DOWN: 4})
    (note,) = recipe(pirate.root, _BOTH).notes
    assert note.startswith("pirate and chef stand beside different layers.")
    write_config = pirate.config_path.read_text()
    pirate.config_path.write_text(write_config.replace("template: auto", "template: alpaca"))
    assert "The blend has alpaca, as pirate has." in recipe(pirate.root, _BOTH).notes[1]
