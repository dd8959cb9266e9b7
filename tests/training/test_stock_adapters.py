"""Adapters that stock PEFT makes, and those that are made here: taken in, they answer as they did."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import peft
import pytest
import torch
from peft import PeftConfig, PeftModel, get_peft_model

from tests.methods.made import logits as every_logit
from tests.methods.made import make_adapter
from tests.methods.rows import ROWS
from tests.tiny import make_model
from workbench.chat.network.model import NetworkModel
from workbench.chat.questions import TUNED, question_for
from workbench.errors import AdapterError
from workbench.models.facts import facts
from workbench.models.load import load_model
from workbench.training.importing.keeping import import_adapter

pytestmark = pytest.mark.slow

_IDS = torch.arange(3, 35).view(2, 16)
_NAMES = {"llama": ["q_proj", "down_proj"], "qwen2": ["q_proj", "down_proj"], "gpt2": ["c_attn", "mlp.c_proj"]}
_TAKEN = ("lora", "rslora", "dora", "pissa", "olora", "loftq", "loha", "lokr", "oft", "ia3", "pre", "pro", "p-")
_NEEDS_LINEAR = ("loha", "lokr", "lokr large", "oft")

_MADE: dict[str, Callable[..., PeftConfig]] = {
    "lora": lambda names: peft.LoraConfig(r=4, target_modules=names, lora_dropout=0.1),
    "lora all": lambda names: peft.LoraConfig(r=4, target_modules="all-linear"),
    "lora pattern": lambda names: peft.LoraConfig(r=4, target_modules=r".*\.0\..*(q_proj|c_attn)"),
    "lora some": lambda names: peft.LoraConfig(r=4, target_modules=names, layers_to_transform=[1]),
    "lora ranks": lambda names: peft.LoraConfig(
        r=4, target_modules=names, rank_pattern={names[0]: 6}, alpha_pattern={names[0]: 12}
    ),
    "lora and head": lambda names: peft.LoraConfig(r=4, target_modules=names, modules_to_save=["lm_head"]),
    "rslora": lambda names: peft.LoraConfig(r=8, lora_alpha=3, target_modules=names, use_rslora=True),
    "dora": lambda names: peft.LoraConfig(r=4, target_modules=names, use_dora=True),
    "loha": lambda names: peft.LoHaConfig(r=4, target_modules=names),
    "lokr": lambda names: peft.LoKrConfig(r=2, target_modules=names),
    "lokr large": lambda names: peft.LoKrConfig(r=64, target_modules=names),
    "oft": lambda names: peft.OFTConfig(r=0, oft_block_size=8, target_modules=names),
    "ia3": lambda names: peft.IA3Config(target_modules=names, feedforward_modules=names[1:]),
    "prompt": lambda names: peft.PromptTuningConfig(num_virtual_tokens=5),
    "prefix": lambda names: peft.PrefixTuningConfig(num_virtual_tokens=5),
    "prefix network": lambda names: peft.PrefixTuningConfig(
        num_virtual_tokens=5, prefix_projection=True, encoder_hidden_size=16
    ),
    "p-tuning": lambda names: peft.PromptEncoderConfig(num_virtual_tokens=5, encoder_hidden_size=16),
}


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("stock")
    return {name: make_model(folder / name, name) for name in _NAMES}


def shaken(model: Any) -> Any:
    """With trained numbers that make a difference."""
    torch.manual_seed(3)
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.requires_grad:
                parameter.add_(0.1 * torch.randn_like(parameter))
    return model.eval()


def logits(model: Any) -> torch.Tensor:
    """Of the text alone, without those of words before it."""
    with torch.no_grad():
        found: torch.Tensor = model(_IDS).logits
    return found[:, -_IDS.shape[1] :]


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One for all: some models are asked for their layers in a process of its own, once."""
    return tmp_path_factory.mktemp("root")


@pytest.mark.parametrize("architecture", _NAMES)
@pytest.mark.parametrize("made", _MADE)
def test_what_stock_peft_makes_answers_here(
    made: str, architecture: str, models: dict[str, Path], root: Path, tmp_path: Path
) -> None:
    folder = models[architecture]
    if architecture == "gpt2" and made in _NEEDS_LINEAR:
        pytest.skip("does not go with GPT-2's layers, which the matrix shows")
    config = _MADE[made](_NAMES[architecture])
    config.task_type = "CAUSAL_LM"
    model = shaken(get_peft_model(load_model(folder, "fp32", "cpu"), config))
    model.save_pretrained(str(tmp_path / "made"))
    before = logits(load_model(folder, "fp32", "cpu").eval())
    run = import_adapter([tmp_path / "made"], str(folder), root)
    question = question_for(run, {TUNED: [], "original": []})
    loaded = NetworkModel(question)
    loaded.prepare(question.targets)
    answers = {}
    for target in question.targets:
        with loaded.network_as(target) as network:
            answers[target.name] = logits(network)
    assert torch.allclose(answers[TUNED], logits(model), atol=1e-5)
    assert not torch.allclose(answers[TUNED], before, atol=1e-3)
    assert torch.equal(answers["original"], before)


@pytest.mark.parametrize("case", ROWS)
def test_what_is_made_here_is_taken_in_elsewhere(
    case: str, models: dict[str, Path], root: Path, tmp_path: Path
) -> None:
    """As it was; or it is said what is not."""
    known = facts(models["llama"])
    made = make_adapter(case, known, tmp_path)
    if made is None:
        pytest.skip("the two do not go together, which the matrix shows")
    if not any(case.startswith(kind) for kind in _TAKEN) or "and prefix" in case:
        with pytest.raises(AdapterError, match="adapter"):
            import_adapter([tmp_path], str(known.path), root)
        return
    run = import_adapter([tmp_path], str(known.path), root)
    again = PeftModel.from_pretrained(load_model(known.path, "fp32", "cpu"), str(run.adapter_dir))
    assert torch.allclose(every_logit(again), made, atol=1e-5)
