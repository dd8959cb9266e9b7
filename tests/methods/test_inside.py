"""Methods that train the model's own weights: which ones, and how these are kept."""

import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from tests.tiny import make_model
from workbench.config.inside import FullSettings, LastLayersSettings, NormsSettings
from workbench.errors import SettingError
from workbench.methods.base import Base
from workbench.methods.changed_weights import ABOUT, WEIGHTS, ChangedWeights
from workbench.methods.full import Full
from workbench.methods.last_layers import LastLayers
from workbench.methods.norms import Norms
from workbench.models.facts import ModelFacts, facts
from workbench.models.load import load_model
from workbench.models.quantization import Quantization

_IDS = torch.tensor([[5, 6, 7, 8]])


@pytest.fixture(scope="module", params=[True, False], ids=["tied", "untied"])
def known(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> ModelFacts:
    return facts(make_model(tmp_path_factory.mktemp("inside") / "model", tied=request.param))


def chosen(settings: LastLayersSettings, known: ModelFacts) -> set[str]:
    """The names outside of the last layer, and the number of those in it."""
    names = LastLayers().chosen(settings, known.shapes, known)
    assert len(names) == len(set(names))
    inside = {name for name in names if name.startswith("model.layers.1.")}
    assert len(inside) == 9
    return set(names) - inside


def test_the_last_layers_and_what_stands_behind_them(known: ModelFacts) -> None:
    one = LastLayersSettings(trained_layers=1)
    head = "lm_head.weight" if "lm_head.weight" in known.shapes else "model.embed_tokens.weight"
    assert chosen(one, known) == {"model.norm.weight"}
    assert chosen(one.changed("final_norm", False), known) == set()
    assert chosen(one.changed("output_layer", True), known) == {"model.norm.weight", head}


def test_more_layers_than_there_are_is_told(known: ModelFacts) -> None:
    with pytest.raises(SettingError, match="The model has 2 layers, so the last 3 cannot be trained"):
        LastLayers().trainable(LastLayersSettings(trained_layers=3), known)


def test_what_is_trained_of_a_16_bit_model_is_held_whole(known: ModelFacts) -> None:
    model = Norms().apply(load_model(known.path, "bf16", "cpu"), NormsSettings(), known)
    held = {(parameter.ndim, parameter.dtype, parameter.requires_grad) for parameter in model.parameters()}
    assert held == {(1, torch.float32, True), (2, torch.bfloat16, False)}


def test_only_what_was_trained_is_kept_and_the_page_beside_it_tells_how_to_use_it(
    known: ModelFacts, tmp_path: Path
) -> None:
    model = LastLayers().apply(load_model(known.path, "fp32", "cpu"), LastLayersSettings(trained_layers=1), known)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(0.01 * parameter.requires_grad)
    ChangedWeights().write(model, Base("tiny", "1234"), tmp_path)
    about = json.loads((tmp_path / ABOUT).read_text())
    assert about["base"] == {"name": "tiny", "fingerprint": "1234"}
    assert about["tensors"] == {name: list(tensor.shape) for name, tensor in load_file(tmp_path / WEIGHTS).items()}
    assert len(about["tensors"]) == 10

    again = load_model(known.path, "fp32", "cpu")
    readme = (tmp_path / "README.md").read_text()
    line = next(line for line in readme.splitlines() if line.startswith("model.load_state_dict"))
    exec(line, {"model": again, "load_file": lambda name: load_file(tmp_path / name)})
    assert torch.equal(again(_IDS).logits, model(_IDS).logits)


def test_quantised_weights_are_refused_with_what_can_be_done_instead(known: ModelFacts) -> None:
    for method, settings in ((Full(), FullSettings()), (LastLayers(), LastLayersSettings())):
        reason = method.refuses(settings, known, Quantization("nf4"))
        assert reason and "cannot be held as nf4" in reason and "QLoRA" in reason
        assert method.refuses(settings, known, Quantization()) is None
    assert Norms().refuses(NormsSettings(), known, Quantization("nf4")) is None
