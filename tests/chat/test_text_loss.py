"""What a text costs a model, on either path, is what transformers says of it."""

from pathlib import Path
from typing import Any

import pytest
import torch

from tests.chat.asking import HELLO
from workbench.chat.fast_model import FastModel
from workbench.chat.models import MeasuredModel
from workbench.chat.network.model import NetworkModel
from workbench.chat.protocol import Question, Target
from workbench.data.rendering.rows import IGNORED, Row


@pytest.fixture(scope="module")
def adapter(tiny_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    from peft import LoraConfig, get_peft_model

    from workbench.models.load import load_model

    torch.manual_seed(1)
    settings = LoraConfig(r=4, target_modules=["q_proj", "down_proj"], init_lora_weights=False, task_type="CAUSAL_LM")
    folder = tmp_path_factory.mktemp("adapter")
    model = get_peft_model(load_model(tiny_model, "fp32", "cpu"), settings)
    model.save_pretrained(str(folder), save_embedding_layers=False)
    return folder


@pytest.fixture(params=["fast", "network"])
def model(request: pytest.FixtureRequest, tiny_model: Path, adapter: Path, tmp_path: Path) -> MeasuredModel:
    from tests.conftest import share_kernels

    share_kernels(tmp_path)
    question = Question(str(tiny_model), "fp32", targets(adapter))
    if request.param == "fast":
        return FastModel(question, tmp_path / "cache" / "kernels")
    network = NetworkModel(question)
    network.prepare(question.targets)
    return network


def targets(adapter: Path) -> tuple[Target, ...]:
    return Target("original", HELLO), Target("tuned", HELLO, str(adapter))


def expected(tiny_model: Path, adapter: Path | None, row: Row) -> float:
    from peft import PeftModel
    from transformers import AutoModelForCausalLM

    model: Any = AutoModelForCausalLM.from_pretrained(tiny_model)
    model = PeftModel.from_pretrained(model, adapter) if adapter else model
    with torch.no_grad():
        mean = model(input_ids=torch.tensor([row.input_ids]), labels=torch.tensor([row.labels])).loss
    return float(mean) * row.learned_tokens


@pytest.mark.parametrize("tokens", [40, 600])
def test_a_text_costs_what_transformers_says(
    model: MeasuredModel, tiny_model: Path, adapter: Path, tokens: int
) -> None:
    ids = torch.randint(3, 390, (tokens,), generator=torch.Generator().manual_seed(tokens)).tolist()
    answers = [IGNORED] * 7 + ids[7:15] + [IGNORED] * 5 + ids[20:]
    for row in (Row(ids, answers, 0), Row(ids, list(ids), 0)):
        for target, folder in zip(targets(adapter), (None, adapter), strict=True):
            assert model.loss(target, row) == pytest.approx(expected(tiny_model, folder, row), rel=2e-4)


def test_a_text_of_which_nothing_is_learned_costs_nothing(model: MeasuredModel, adapter: Path) -> None:
    assert model.loss(targets(adapter)[0], Row([5, 6, 7], [IGNORED] * 3, 0)) == 0
