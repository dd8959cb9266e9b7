"""Adapters written without PEFT: the same files to the byte, from the same beginning."""

import json
from pathlib import Path

import pytest
import torch

from workbench.config.build import build
from workbench.config.methods import LoraSettings
from workbench.engine.adapters import Adapters
from workbench.engine.shape_reading import read_shape
from workbench.methods.base import Base
from workbench.methods.peft_folder import WEIGHTS, PeftFolder
from workbench.methods.table import METHODS
from workbench.models.facts import facts
from workbench.models.load import load_model
from workbench.training.fast import plan_of
from workbench.training.lora_folder import LoraFolder

_SEED = 3
_BASE = Base("tiny", "")
_KINDS = {
    "all layers": {},
    "the last, of two ranks": {"method.layers": "last 1", "method.rank_pattern": "q_proj 4", "method.dropout": 0.1},
    "rsLoRA on some": {
        "method.use_rslora": True,
        "method.rank_pattern": "mlp 2",
        "method.target_modules": "mlp, q_proj",
    },
}


@pytest.fixture(params=_KINDS)
def settings(request: pytest.FixtureRequest) -> LoraSettings:
    method = build({"method.alpha": 12.0} | _KINDS[request.param]).method
    assert isinstance(method, LoraSettings)
    return method


@pytest.fixture
def adapters(settings: LoraSettings, tiny_model: Path) -> Adapters:
    begun = Adapters(plan_of(settings, facts(tiny_model)), read_shape(tiny_model))
    torch.manual_seed(_SEED)
    begun.begin(torch.bfloat16)
    return begun


def test_the_files_are_those_of_peft(
    settings: LoraSettings, adapters: Adapters, tiny_model: Path, tmp_path: Path
) -> None:
    known, ours, theirs = facts(tiny_model), tmp_path / "ours", tmp_path / "theirs"
    torch.manual_seed(_SEED)
    network = METHODS["lora"].apply(load_model(tiny_model, "bf16", "cpu"), settings, known)
    PeftFolder().write(network, _BASE, theirs)
    ours.mkdir()
    LoraFolder(settings, known).write(adapters, _BASE, ours)
    assert list(adapters.parameters) == [name for name, p in network.named_parameters() if p.requires_grad]
    assert (ours / WEIGHTS).read_bytes() == (theirs / WEIGHTS).read_bytes()
    told, expected = (json.loads((folder / "adapter_config.json").read_text()) for folder in (ours, theirs))
    assert told == expected | {"target_modules": sorted(expected["target_modules"])}


def test_what_was_written_is_taken_back(
    settings: LoraSettings, adapters: Adapters, tiny_model: Path, tmp_path: Path
) -> None:
    folder = LoraFolder(settings, facts(tiny_model))
    folder.write(adapters, _BASE, tmp_path)
    before = {name: parameter.detach().clone() for name, parameter in adapters.parameters.items()}
    with torch.no_grad():
        for parameter in adapters.parameters.values():
            parameter.fill_(7.0)
    folder.put(adapters, folder.read(tmp_path))
    assert all(torch.equal(parameter, before[name]) for name, parameter in adapters.parameters.items())
