"""Merging an adapter: the model then answers as it did with the adapter beside it, and is left alone where asked."""

from pathlib import Path

import pytest
import torch

from tests.methods.made import logits, make_adapter
from tests.methods.rows import ROWS
from tests.tiny import make_model
from workbench.config.methods import method_of
from workbench.methods.merging import MERGEABLE, merge, merged_weights
from workbench.models.facts import ModelFacts, facts
from workbench.models.layout_reader import read_layout
from workbench.models.layouts import with_layout
from workbench.models.load import load_model, load_outline

pytestmark = pytest.mark.slow

_CASES = [
    name for name, row in ROWS.items() if method_of(row.name) in MERGEABLE and "modules_to_save" not in row.settings
]


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> dict[str, ModelFacts]:
    folder = tmp_path_factory.mktemp("merging")
    known = {name: facts(make_model(folder / name, name)) for name in ("llama", "gpt2", "mixtral")}
    return {name: with_layout(found, read_layout(load_outline(found.path))) for name, found in known.items()}


@pytest.mark.parametrize("architecture", ["llama", "gpt2", "mixtral"])
@pytest.mark.parametrize("case", _CASES)
def test_a_merged_adapter_answers_as_it_did(
    case: str, architecture: str, models: dict[str, ModelFacts], tmp_path: Path
) -> None:
    known = models[architecture]
    adapted = make_adapter(case, known, tmp_path)
    if adapted is None:
        pytest.skip("the two do not go together, which the matrix shows")
    model = load_model(known.path, "fp32", "cpu")
    alone = logits(model)
    assert not torch.allclose(adapted, alone, atol=1e-2)
    weights = merged_weights(model, tmp_path)
    assert torch.equal(logits(model), alone)
    merge(model, tmp_path)
    assert torch.allclose(logits(model), adapted, atol=1e-4)
    own = dict(model.named_parameters())
    assert all(torch.equal(own[name], tensor) for name, tensor in weights.items())
    untouched = {name: p for name, p in load_model(known.path, "fp32", "cpu").named_parameters() if name not in weights}
    assert untouched and all(torch.equal(own[name], parameter) for name, parameter in untouched.items())
