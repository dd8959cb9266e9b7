"""A model whose weights lie in their files answers as one that is in memory in fp32, whatever stands beside it."""

from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from tests.export.gguf_made import made_model
from tests.methods.made import logits, make_adapter
from tests.methods.rows import ROWS
from tests.tiny import make_model
from workbench.export.changes import read_change
from workbench.export.lean_model import LeanModel
from workbench.export.verify import stand_beside
from workbench.methods.changed_weights import is_changed_weights
from workbench.models.facts import ModelFacts, facts
from workbench.models.layout_reader import read_layout
from workbench.models.layouts import with_layout
from workbench.models.load import load_model, load_outline

_ARCHITECTURES = ("llama", "untied", "gpt2", "mixtral")
_CASES = [name for name, row in ROWS.items() if "none" not in row.refused]


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> dict[str, ModelFacts]:
    """Stored in bf16."""
    folder = tmp_path_factory.mktemp("lean")
    known = {}
    for name in _ARCHITECTURES:
        path = make_model(folder / name, "llama" if name == "untied" else name, tied=name != "untied")
        _store_in_bf16(path)
        known[name] = with_layout(facts(path), read_layout(load_outline(path)))
    return known


def test_its_weights_take_no_memory_until_their_turn(models: dict[str, ModelFacts]) -> None:
    network = LeanModel(models["llama"].path).open()
    assert {parameter.untyped_storage().nbytes() for parameter in network.parameters()} == {4}
    found = logits(network)
    assert torch.allclose(found, logits(load_model(models["llama"].path, "fp32", "cpu")), atol=1e-6)
    assert {parameter.untyped_storage().nbytes() for parameter in network.parameters()} == {4}


@pytest.mark.slow
def test_what_a_model_works_out_from_its_config_is_not_rounded(tmp_path: Path) -> None:
    """Gemma multiplies by the root of 96, which bf16 does not hold."""
    path = made_model(tmp_path / "gemma", "gemma", hidden_size=96)
    _store_in_bf16(path)
    assert torch.equal(logits(LeanModel(path).open()), logits(load_model(path, "fp32", "cpu")))


@pytest.mark.slow
@pytest.mark.parametrize("architecture", _ARCHITECTURES)
@pytest.mark.parametrize("case", _CASES)
def test_whatever_was_learned_stands_beside_it(
    case: str, architecture: str, models: dict[str, ModelFacts], tmp_path: Path
) -> None:
    due = make_adapter(case, models[architecture], tmp_path)
    if due is None:
        pytest.skip("the two do not go together, which the matrix of methods shows")
    found = logits(stand_beside(LeanModel(models[architecture].path), tmp_path))
    assert (found - due).abs().max() <= 1e-5


@pytest.mark.slow
@pytest.mark.parametrize("case", ["lora", "dora", "oft", "ia3"])
@pytest.mark.parametrize("architecture", ["llama", "gpt2"])
def test_what_is_merged_beneath_is_in_its_weights(
    case: str, architecture: str, models: dict[str, ModelFacts], tmp_path: Path
) -> None:
    due = make_adapter(case, models[architecture], tmp_path)
    if due is None or is_changed_weights(tmp_path):
        pytest.skip("the two do not go together, which the matrix of methods shows")
    model = LeanModel(models[architecture].path)
    model.put_beneath(read_change(models[architecture].path, tmp_path))
    assert (logits(model.open()) - due).abs().max() <= 1e-5


def _store_in_bf16(model: Path) -> None:
    stored = {name: tensor.bfloat16() for name, tensor in load_file(model / "model.safetensors").items()}
    save_file(stored, model / "model.safetensors", metadata={"format": "pt"})
