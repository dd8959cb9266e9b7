"""A model written out with what was learned in it: stock code reads it, and it answers as it did with the adapter."""

from pathlib import Path

import pytest
import torch
from transformers import AutoModelForCausalLM

from tests.methods.made import logits, make_adapter
from tests.methods.rows import ROWS
from tests.tiny import make_model
from workbench.config.methods import method_of
from workbench.export.changes import read_change
from workbench.export.merged_tensors import MergedTensors
from workbench.export.shards import write_shards
from workbench.methods.merging import MERGEABLE
from workbench.methods.table import METHODS
from workbench.models.facts import ModelFacts, facts
from workbench.models.layout_reader import read_layout
from workbench.models.layouts import with_layout
from workbench.models.load import load_outline

_MERGED = [
    name for name, row in ROWS.items() if method_of(row.name) in MERGEABLE and "modules_to_save" not in row.settings
]
_CHANGED = [name for name, row in ROWS.items() if METHODS[method_of(row.name)].saved_as.folder == "weights"]


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> dict[str, ModelFacts]:
    folder = tmp_path_factory.mktemp("exported")
    made = {name: make_model(folder / name, name) for name in ("llama", "gpt2")}
    made["untied"] = make_model(folder / "untied", "llama", tied=False)
    known = {name: facts(path) for name, path in made.items()}
    return {name: with_layout(found, read_layout(load_outline(found.path))) for name, found in known.items()}


@pytest.mark.parametrize("case", ["lora", "full"])
def test_what_is_written_answers_as_the_run_did(case: str, models: dict[str, ModelFacts], tmp_path: Path) -> None:
    found, due = _written_and_trained(case, models["llama"], tmp_path)
    assert torch.allclose(found, due, atol=1e-4)


@pytest.mark.slow
@pytest.mark.parametrize("architecture", ["llama", "untied", "gpt2"])
@pytest.mark.parametrize("case", [*_MERGED, *_CHANGED])
def test_every_method_that_can_be_part_of_the_weights(
    case: str, architecture: str, models: dict[str, ModelFacts], tmp_path: Path
) -> None:
    found, due = _written_and_trained(case, models[architecture], tmp_path)
    assert torch.allclose(found, due, atol=1e-4)


def _written_and_trained(case: str, known: ModelFacts, folder: Path) -> tuple[torch.Tensor, torch.Tensor]:
    """What the written model says, and what the trained one said."""
    saved, out = folder / "saved", folder / "out"
    saved.mkdir()
    out.mkdir()
    adapted = make_adapter(case, known, saved)
    if adapted is None:
        pytest.skip("the two do not go together, which the matrix of methods shows")
    tensors = MergedTensors(known.path, [read_change(known.path, saved)])
    write_shards(out, tensors, tensors.shapes, torch.float32)
    (out / "config.json").write_bytes((known.path / "config.json").read_bytes())
    stock = AutoModelForCausalLM.from_pretrained(out)
    return logits(stock), adapted
