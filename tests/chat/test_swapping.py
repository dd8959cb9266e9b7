"""Weights that were changed, answering beside the model as it was."""

import dataclasses
from pathlib import Path

import pytest
import torch

from tests.chat.asking import HELLO, answers, ask_both
from tests.tiny import make_model
from workbench.chat.network.model import NetworkModel
from workbench.chat.protocol import Question, Target
from workbench.config.inside import FullSettings
from workbench.errors import ModelError
from workbench.methods.base import Base
from workbench.methods.changed_weights import WEIGHTS, ChangedWeights
from workbench.methods.full import Full
from workbench.models.facts import facts
from workbench.models.fingerprint import fingerprint
from workbench.models.load import load_model

_IDS = torch.tensor([[5, 6, 7, 8]])


@pytest.fixture
def weights(tiny_model: Path, tmp_path: Path) -> Path:
    """Every weight of the model, each made a little different."""
    torch.manual_seed(1)
    model = Full().apply(load_model(tiny_model, "fp32", "cpu"), FullSettings(), facts(tiny_model))
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(0.5 * torch.randn_like(parameter))
    folder = tmp_path / "weights"
    folder.mkdir()
    ChangedWeights().write(model, Base("tiny", fingerprint(tiny_model)), folder)
    return folder


@pytest.fixture
def question(tiny_model: Path, weights: Path) -> Question:
    return ask_both(tiny_model, weights)


def test_both_answer_by_turns_and_the_original_is_as_it_was(question: Question, weights: Path) -> None:
    model = NetworkModel(question)
    original, tuned = question.targets
    alone = answers(model, dataclasses.replace(question, targets=(original,)))["original"]
    with model.network_as(original) as network:
        before = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    both = answers(model, question)
    assert both["original"] == alone != both["tuned"]
    with model.network_as(original) as network:
        after = network.state_dict()
        assert all(torch.equal(after[name], tensor) for name, tensor in before.items())
    with model.network_as(tuned) as network:
        assert not any(torch.equal(before[name], p) for name, p in network.named_parameters())


@pytest.mark.slow
def test_they_answer_beside_an_adapter(question: Question, tiny_model: Path, tmp_path: Path) -> None:
    """Whichever was loaded first, neither has a part in the other's answer."""
    from peft import LoraConfig, get_peft_model

    torch.manual_seed(2)
    settings = LoraConfig(r=4, target_modules="all-linear", init_lora_weights=False, task_type="CAUSAL_LM")
    model = get_peft_model(load_model(tiny_model, "fp32", "cpu"), settings)
    for parameter in model.parameters():
        parameter.data *= 20 if parameter.requires_grad else 1
    model.save_pretrained(str(tmp_path / "adapter"))
    adapter = Target("adapter", HELLO, str(tmp_path / "adapter"))
    original, tuned = question.targets
    orders = [(original, tuned, adapter), (adapter, tuned, original), (tuned,), (adapter,)]
    asked = [dataclasses.replace(question, targets=targets) for targets in orders]
    first, second, *alone = [answers(NetworkModel(question), each) for each in asked]
    assert first == second == {"original": first["original"]} | alone[0] | alone[1]
    assert len(set(first.values())) == 3


def harm(weights: Path, what: str) -> None:
    from safetensors.torch import load_file, save_file

    tensors = load_file(weights / WEIGHTS)
    if what == "cut off":
        (weights / WEIGHTS).write_bytes((weights / WEIGHTS).read_bytes()[:-5])
        return
    tensors["model.norm.weight"] = torch.ones(3) if what == "size" else torch.full((64,), torch.nan)
    save_file(tensors, weights / WEIGHTS)


@pytest.mark.parametrize(("what", "said"), [("cut off", "cannot be read"), ("size", "not fit"), ("nan", "no numbers")])
def test_damaged_ones_are_refused_and_the_original_still_answers(
    question: Question, weights: Path, what: str, said: str
) -> None:
    model = NetworkModel(question)
    whole = answers(model, question)
    harm(weights, what)
    with pytest.raises(ModelError, match=said):
        answers(model, question)
    assert answers(model, dataclasses.replace(question, targets=question.targets[:1])).items() <= whole.items()


def test_those_of_another_model_are_refused(question: Question, tmp_path: Path) -> None:
    other = dataclasses.replace(question, model=str(make_model(tmp_path / "other", seed=3)))
    with pytest.raises(ModelError, match="changed in another model"):
        answers(NetworkModel(other), other)
