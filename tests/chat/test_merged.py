"""A result that was built on a merged adapter, answering beside the model alone."""

from pathlib import Path

import pytest
import torch
from peft import LoraConfig, PeftModel, get_peft_model

from workbench.chat.network.model import NetworkModel
from workbench.chat.protocol import Question, Target
from workbench.models.load import load_model

_IDS = torch.tensor([[5, 6, 7, 8]])


def make_adapter(base: Path, folder: Path, seed: int) -> Path:
    torch.manual_seed(seed)
    settings = LoraConfig(r=4, target_modules=["q_proj", "down_proj"], init_lora_weights=False, task_type="CAUSAL_LM")
    model = get_peft_model(load_model(base, "fp32", "cpu"), settings)
    for parameter in model.parameters():
        parameter.data *= 5 if parameter.requires_grad else 1
    model.save_pretrained(str(folder), save_embedding_layers=False)
    return folder


@pytest.fixture
def targets(tiny_model: Path, tmp_path: Path) -> tuple[Target, ...]:
    below, above = (make_adapter(tiny_model, tmp_path / str(seed), seed) for seed in (1, 2))
    return Target("original", ()), Target("tuned", (), str(above), str(below)), Target("above", (), str(above))


def answers(model: NetworkModel, targets: tuple[Target, ...]) -> list[torch.Tensor]:
    found = []
    for target in targets:
        with torch.no_grad(), model.network_as(target) as network:
            found.append(network(_IDS).logits)
    return found


def test_each_answers_as_it_was_trained(tiny_model: Path, targets: tuple[Target, ...]) -> None:
    original, tuned, above = targets
    model = NetworkModel(Question(str(tiny_model), "fp32", targets))
    model.prepare(targets)
    base = load_model(tiny_model, "fp32", "cpu").eval()
    alone = base(_IDS).logits
    with_one = PeftModel.from_pretrained(load_model(tiny_model, "fp32", "cpu"), above.adapter).eval()(_IDS).logits
    assert [bool(model.alone(target)) for target in targets] == [False, True, False]
    whole = PeftModel.from_pretrained(base, tuned.merged).merge_and_unload()
    stacked = PeftModel.from_pretrained(whole, tuned.adapter).eval()(_IDS).logits
    for _ in range(2):
        found = answers(model, targets)
        assert all(torch.equal(one, due) for one, due in zip(found, (alone, stacked, with_one), strict=True))
    assert not torch.allclose(stacked, with_one, atol=0.05)
    model.prepare((original,))
    model.prepare((original, above))
    assert torch.equal(answers(model, (original,))[0], alone)
