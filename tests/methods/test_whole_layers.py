"""The embedding and the output layer in an adapter: named, counted, trained in full precision, and taken off again."""

from pathlib import Path
from typing import Any

import pytest
import torch
from peft import PeftModel

from tests.tiny import make_model
from workbench.config.methods import LoraSettings
from workbench.errors import SettingError
from workbench.methods.lora import Lora, rate_times
from workbench.methods.whole_layers import whole_layers
from workbench.models.facts import ModelFacts, facts
from workbench.models.load import load_model

_IDS = torch.arange(3, 35).view(2, 16)
_EMBEDDINGS = {"llama": "embed_tokens", "gpt2": "wte"}


@pytest.fixture(params=_EMBEDDINGS)
def model(request: pytest.FixtureRequest, tmp_path: Path) -> ModelFacts:
    return facts(make_model(tmp_path / request.param, request.param))


def test_a_model_is_asked_what_it_has(model: ModelFacts) -> None:
    size = model.vocabulary * model.hidden_size
    assert whole_layers(model) == {_EMBEDDINGS[model.name]: size, "lm_head": size}
    with pytest.raises(SettingError) as caught:
        Lora().trainable(LoraSettings(modules_to_save="lm_hat"), model)
    assert (caught.value.setting, "lm_head" in caught.value.hint) == ("method.modules_to_save", True)


@pytest.mark.parametrize("precision", ["fp32", pytest.param("bf16", marks=pytest.mark.slow)])
def test_they_are_trained_in_full_precision_and_taken_off_again(
    precision: str, model: ModelFacts, tmp_path: Path
) -> None:
    names = ", ".join(whole_layers(model))
    settings = LoraSettings(rank=2, alpha=4.0, modules_to_save=names)
    tuned = Lora().apply(load_model(model.path, precision, "cpu"), settings, model)
    trained = {name: p for name, p in tuned.named_parameters() if p.requires_grad}
    assert {p.dtype for p in trained.values()} == {torch.float32}
    assert sum(p.numel() for p in trained.values()) == Lora().trainable(settings, model)
    rates = {rate_times(settings, name) for name in trained if "lora" not in name}
    assert rates == {0.1}

    original = _logits(load_model(model.path, precision, "cpu"), precision)
    _train(tuned, precision)
    tuned.save_pretrained(str(tmp_path), save_embedding_layers=False)
    again = PeftModel.from_pretrained(load_model(model.path, precision, "cpu"), str(tmp_path))
    rounding = 1e-5 if precision == "fp32" else 0.1
    assert torch.allclose(_logits(again, precision), _logits(tuned, precision), atol=rounding)
    assert not torch.allclose(_logits(again, precision), original, atol=rounding)
    with again.disable_adapter():
        assert torch.equal(_logits(again, precision), original)


def _train(model: Any, precision: str) -> None:
    optimizer = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], 5e-3)
    for _ in range(5):
        with torch.autocast("cpu", torch.bfloat16, enabled=precision == "bf16"):
            model(_IDS, labels=_IDS).loss.backward()
        optimizer.step()
        optimizer.zero_grad()


def _logits(model: Any, precision: str) -> torch.Tensor:
    model.eval()
    with torch.no_grad(), torch.autocast("cpu", torch.bfloat16, enabled=precision == "bf16"):
        logits: torch.Tensor = model(_IDS).logits
    return logits.float()
