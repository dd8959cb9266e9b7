"""LoRA that begins with something: it still answers as the model does, and is saved for the model as it was."""

from pathlib import Path
from typing import Any

import pytest
import torch
from peft import PeftModel
from safetensors.torch import load_file

from tests.tiny import make_model
from workbench.config.methods import LoraSettings
from workbench.errors import SettingError
from workbench.methods.displaced import Beginning
from workbench.methods.lora import Lora, as_saved
from workbench.models.facts import ModelFacts, facts
from workbench.models.load import load_model
from workbench.models.quantization import WHOLE, Quantization

_IDS = torch.arange(3, 35).view(2, 16)
_VARIANTS: dict[str, dict[str, Any]] = {
    "plain": {},
    "rslora": {"use_rslora": True, "alpha": 5.0},
    "dora": {"use_dora": True},
    "ranks": {"rank_pattern": "attention 2, mlp 6", "layers": "last 1"},
    "rslora ranks": {"use_rslora": True, "rank_pattern": "attention 2"},
}


@pytest.fixture(scope="module", params=["llama", "gpt2"])
def model(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> ModelFacts:
    return facts(make_model(tmp_path_factory.mktemp("model") / request.param, request.param))


@pytest.mark.slow
@pytest.mark.parametrize("variant", _VARIANTS)
@pytest.mark.parametrize("init", ["pissa", "olora"])
def test_what_begins_in_the_base_is_saved_for_the_whole_base(
    init: str, variant: str, model: ModelFacts, tmp_path: Path
) -> None:
    settings = LoraSettings(**{"rank": 4, "alpha": 8.0, "init": init} | _VARIANTS[variant])
    base = load_model(model.path, "fp32", "cpu")
    original = _logits(base)
    torch.manual_seed(0)
    tuned = Lora().apply(base, settings, model).eval()
    assert _same(_logits(tuned), original)
    assert sum(p.numel() for p in tuned.parameters() if p.requires_grad) == Lora().trainable(settings, model)

    _train(tuned)
    learned = _logits(tuned)
    assert not _same(learned, original)
    tuned.save_pretrained(str(tmp_path), save_embedding_layers=False)
    again = PeftModel.from_pretrained(load_model(model.path, "fp32", "cpu"), str(tmp_path)).eval()
    assert _same(_logits(again), learned)
    with again.disable_adapter():
        assert torch.equal(_logits(again), original)

    plain: Any = as_saved(settings)
    size = sum(tensor.numel() for tensor in load_file(tmp_path / "adapter_model.safetensors").values())
    assert size == Lora().trainable(plain, model)
    assert _scalings(again) == _scalings(Lora().apply(load_model(model.path, "fp32", "cpu"), plain, model))


def test_a_resume_where_weights_are_taken_apart_in_another_way(model: ModelFacts) -> None:
    kinds = (LoraSettings(rank=4, alpha=8.0, init=init) for init in ("olora", "pissa"))
    there, here = (Lora().apply(load_model(model.path, "fp32", "cpu"), settings, model).eval() for settings in kinds)
    original = _logits(there)
    _train(there)
    Beginning(here).restore(Beginning(there).state())
    here.load_state_dict({name: p for name, p in there.state_dict().items() if ".lora_" in name}, strict=False)
    assert not _same(_logits(there), original)
    assert _same(_logits(here), _logits(there))


def test_a_resume_where_they_are_taken_apart_in_the_same_way_changes_no_bit(model: ModelFacts) -> None:
    torch.manual_seed(0)
    tuned: Any = Lora().apply(load_model(model.path, "fp32", "cpu"), LoraSettings(alpha=16.0, init="pissa"), model)
    before = {name: tensor.clone() for name, tensor in tuned.state_dict().items()}
    Beginning(tuned).restore(Beginning(tuned).state())
    assert all(torch.equal(before[name], tensor) for name, tensor in tuned.state_dict().items())


def test_loftq_is_nearer_to_the_whole_model(model: ModelFacts) -> None:
    original = _logits(load_model(model.path, "fp32", "cpu"))
    # One that has answered is packed for its processor, so each is loaded anew.
    compressed, begun = (load_model(model.path, "fp32", "cpu", Quantization("nf4")) for _ in range(2))
    off = (_logits(compressed) - original).norm()
    tuned = Lora().apply(begun, LoraSettings(rank=16, alpha=32.0, init="loftq"), model).eval()
    assert (_logits(tuned) - original).norm() < 0.8 * off


@pytest.mark.parametrize(("init", "kind"), [("pissa", "nf4"), ("olora", "int8"), ("loftq", "none")])
def test_what_does_not_go_together_is_refused(init: str, kind: str, model: ModelFacts) -> None:
    settings = LoraSettings(init=init)
    assert "whole" in (Lora().refuses(settings, model, Quantization(kind)) or "")
    assert Lora().refuses(settings, model, WHOLE if kind != "none" else Quantization("nf4")) is None


def test_a_rank_above_the_width_is_refused_where_it_must_be(model: ModelFacts) -> None:
    with pytest.raises(SettingError) as caught:
        Lora().trainable(LoraSettings(rank=256, init="pissa"), model)
    assert caught.value.setting == "method.rank"


@pytest.mark.parametrize(("changes", "setting"), [({"rank": 129}, "method.rank"), ({"alpha": 600.0}, "method.alpha")])
def test_what_could_not_be_trained_further_once_it_is_saved_is_refused(changes: dict[str, Any], setting: str) -> None:
    starter = facts(Path(__file__).parents[2] / "presets" / "model")
    with pytest.raises(SettingError, match="saved at twice the rank") as refused:
        Lora().trainable(LoraSettings(**{"rank": 4, "alpha": 8.0, "init": "olora"} | changes), starter)
    assert refused.value.setting == setting


def _train(model: Any) -> None:
    optimizer = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], 5e-3)
    for _ in range(5):
        model(_IDS, labels=_IDS).loss.backward()
        optimizer.step()
        optimizer.zero_grad()


def _logits(model: Any) -> torch.Tensor:
    with torch.no_grad():
        logits: torch.Tensor = model(_IDS).logits
    return logits


def _same(one: torch.Tensor, other: torch.Tensor) -> bool:
    return torch.allclose(one, other, atol=1e-4, rtol=1e-4)


def _scalings(model: Any) -> dict[str, float]:
    layers = {name: module for name, module in model.named_modules() if hasattr(module, "lora_A")}
    return {name: round(layer.scaling["default"], 5) for name, layer in layers.items()}
