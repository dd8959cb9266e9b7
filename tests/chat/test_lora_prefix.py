"""LoRA and a prefix that were trained together answer together, and the model without them as it was."""

import dataclasses
from pathlib import Path
from typing import Any

import pytest
import torch
from peft import PeftModel

from tests.chat.asking import answers, ask_both
from workbench.chat.network.model import NetworkModel
from workbench.chat.protocol import Question
from workbench.config.methods import LoraPrefixSettings
from workbench.methods.base import Base
from workbench.methods.lora_prefix import LoraPrefix
from workbench.models.facts import facts
from workbench.models.load import load_model

_IDS = torch.tensor([[5, 6, 7, 8]])


@pytest.fixture
def trained(tiny_model: Path) -> PeftModel:
    torch.manual_seed(1)
    settings = LoraPrefixSettings(rank=4, alpha=8.0, virtual_tokens=4)
    model = LoraPrefix().apply(load_model(tiny_model, "fp32", "cpu"), settings, facts(tiny_model))
    for parameter in model.parameters():
        if parameter.requires_grad:
            parameter.data = torch.randn_like(parameter)
    return model.eval()


@pytest.fixture
def folder(trained: PeftModel, tmp_path: Path) -> Path:
    LoraPrefix().saved_as.write(trained, Base("tiny", ""), tmp_path)
    return tmp_path


@pytest.fixture
def question(tiny_model: Path, folder: Path) -> Question:
    return ask_both(tiny_model, folder)


def test_both_have_a_part_in_what_is_answered(trained: PeftModel, question: Question) -> None:
    model = NetworkModel(question)
    original, tuned = question.targets
    alone = answers(model, dataclasses.replace(question, targets=(original,)))["original"]
    both = answers(model, question)
    assert both["original"] == alone != both["tuned"]
    with model.network_as(tuned) as network:
        assert torch.equal(network(_IDS).logits, trained(_IDS).logits)
    with model.network_as(original) as network:
        plain = load_model(Path(question.model), "fp32", "cpu")
        assert torch.equal(network(_IDS).logits, plain(_IDS).logits)


def test_the_page_beside_them_tells_how_to_use_both(trained: PeftModel, question: Question, folder: Path) -> None:
    lines = [line for line in (folder / "README.md").read_text().splitlines() if " = PeftModel" in line]
    names: dict[str, Any] = {"base": load_model(Path(question.model), "fp32", "cpu"), "PeftModel": PeftModel}
    for line in lines:
        exec(line.replace('"lora"', f'"{folder}/lora"').replace('"prefix"', f'"{folder}/prefix"'), names)
    assert torch.equal(names["prefix"].eval()(_IDS).logits, trained(_IDS).logits)


def test_each_of_the_two_is_an_adapter_of_stock_peft(trained: PeftModel, question: Question, folder: Path) -> None:
    said = {}
    for part in ("lora", "prefix"):
        base = load_model(Path(question.model), "fp32", "cpu")
        said[part] = PeftModel.from_pretrained(base, str(folder / part)).eval()(_IDS).logits
    together = trained(_IDS).logits
    assert not any(torch.equal(logits, together) for logits in said.values())
    assert not torch.equal(said["lora"], said["prefix"])
