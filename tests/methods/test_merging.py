"""Merging an adapter: the model then answers as it did with the adapter beside it, and is left alone where asked."""

from pathlib import Path
from typing import Any

import pytest
import torch

from tests.methods.rows import ROWS
from tests.tiny import make_model
from workbench.config.build import build
from workbench.config.methods import method_of
from workbench.errors import SettingError
from workbench.methods.base import Base
from workbench.methods.merging import merge, merged_weights
from workbench.methods.table import METHODS
from workbench.models.facts import ModelFacts, facts
from workbench.models.layout_reader import read_layout
from workbench.models.layouts import with_layout
from workbench.models.load import load_model, load_outline
from workbench.models.quantization import WHOLE
from workbench.training.merged import MERGEABLE

pytestmark = pytest.mark.slow

_IDS = torch.arange(3, 35).view(2, 16)
_CASES = [
    name for name, row in ROWS.items() if method_of(row.name) in MERGEABLE and "modules_to_save" not in row.settings
]


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> dict[str, ModelFacts]:
    folder = tmp_path_factory.mktemp("merging")
    known = {name: facts(make_model(folder / name, name)) for name in ("llama", "gpt2", "mixtral")}
    return {name: with_layout(found, read_layout(load_outline(found.path))) for name, found in known.items()}


def logits(model: Any) -> torch.Tensor:
    with torch.no_grad():
        found: torch.Tensor = model.eval()(_IDS).logits
    return found


def make_adapter(case: str, known: ModelFacts, folder: Path) -> torch.Tensor | None:
    """Save one that makes a difference; what the model says with it, None where they do not go together."""
    row = ROWS[case]
    settings = build({"method.name": row.name} | {f"method.{key}": value for key, value in row.settings.items()}).method
    method = METHODS[settings.name]
    try:
        if method.refuses(settings, known, WHOLE) or not method.trainable(settings, known):
            return None
    except SettingError:
        return None
    torch.manual_seed(0)
    model = method.apply(load_model(known.path, "fp32", "cpu"), settings, known)
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.requires_grad:
                parameter.add_(0.1 * torch.randn_like(parameter))
    method.saved_as.write(model, Base(known.name, ""), folder)
    return logits(model)


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
