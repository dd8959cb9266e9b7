"""Every method on every kind of model: what it counts beforehand, what it changes, what it saves."""

from pathlib import Path
from typing import Any, get_args

import pytest
import torch
from peft import PeftModel

from tests.tiny import make_model
from workbench.config.build import build
from workbench.config.fields import kind_of
from workbench.config.methods import MethodSettings
from workbench.methods.table import METHODS
from workbench.models.facts import ModelFacts, facts
from workbench.models.load import load_model
from workbench.models.quantization import WHOLE, Quantization

_ARCHITECTURES = ("llama", "qwen2", "gpt2")
_CASES: list[dict[str, Any]] = [
    {"method.name": "lora", "method.rank": 4, "method.alpha": 8.0},
    {"method.name": "lora", "method.rank": 4, "method.alpha": 8.0, "method.target_modules": "attention"},
    {"method.name": "lora", "method.rank": 4, "method.alpha": 8.0, "method.use_rslora": True},
    {"method.name": "dora", "method.rank": 4, "method.alpha": 8.0},
    {"method.name": "loha", "method.rank": 4, "method.alpha": 8.0},
    {"method.name": "lokr", "method.rank": 2, "method.alpha": 4.0},
    {"method.name": "lokr", "method.rank": 64, "method.alpha": 64.0, "method.target_modules": "mlp"},
    {"method.name": "oft", "method.block_size": 8},
    {"method.name": "ia3"},
    {"method.name": "ia3", "method.target_modules": "attention"},
    {"method.name": "prefix_tuning", "method.virtual_tokens": 5},
    {"method.name": "prompt_tuning", "method.virtual_tokens": 5},
    {"method.name": "prompt_tuning", "method.virtual_tokens": 5, "method.init_text": "Ahoy, matey!"},
    {"method.name": "p_tuning", "method.virtual_tokens": 5, "method.encoder_hidden_size": 32},
]
_REFUSED = {("loha", "gpt2"), ("lokr", "gpt2"), ("oft", "gpt2")}
_REFUSED_QUANTISED = {
    ("int8", "dora", "llama"),
    ("int8", "dora", "gpt2"),
    ("nf4", "ia3", "gpt2"),
    ("fp4", "ia3", "gpt2"),
}
_RATES = {"lokr": 2e-2, "ia3": 1e-1, "prefix_tuning": 1e-1, "prompt_tuning": 1e-1, "p_tuning": 2e-2}
_IDS = torch.arange(3, 35).view(2, 16)


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> dict[str, ModelFacts]:
    folder = tmp_path_factory.mktemp("matrix")
    return {name: facts(make_model(folder / name, name)) for name in _ARCHITECTURES}


def test_every_method_is_in_the_table_and_has_settings() -> None:
    assert sorted(METHODS) == sorted(map(kind_of, get_args(MethodSettings)))


@pytest.mark.slow
@pytest.mark.parametrize("architecture", _ARCHITECTURES)
@pytest.mark.parametrize("case", _CASES, ids=lambda case: "-".join(map(str, case.values())))
def test_a_method_learns_and_is_loaded_again(
    case: dict[str, Any], architecture: str, models: dict[str, ModelFacts], tmp_path: Path
) -> None:
    settings, known = build(case).method, models[architecture]
    method = METHODS[settings.name]
    reason = method.refuses(settings, known, WHOLE)
    assert bool(reason) == ((settings.name, architecture) in _REFUSED)
    if reason:
        return
    torch.manual_seed(0)
    base = load_model(known.path, "fp32", "cpu")
    frozen = {name: tensor.clone() for name, tensor in base.state_dict().items()}
    model = method.apply(base, settings, known)
    trained = {name: p for name, p in model.named_parameters() if p.requires_grad}
    assert sum(p.numel() for p in trained.values()) == method.trainable(settings, known) > 0

    before = {name: p.detach().clone() for name, p in trained.items()}
    first, lowest = _overfit(model, list(trained.values()), _RATES.get(settings.name, 5e-3))
    assert lowest < 0.99 * first
    assert any(not torch.equal(before[name], p) for name, p in trained.items())

    model.eval()
    with torch.no_grad():
        learned = model(_IDS).logits
    model.save_pretrained(str(tmp_path), save_embedding_layers=False)
    again = PeftModel.from_pretrained(load_model(known.path, "fp32", "cpu"), str(tmp_path)).eval()
    with torch.no_grad():
        assert torch.equal(again(_IDS).logits, learned)
    tuned: Any = again.base_model
    whole = (tuned if again.active_peft_config.is_prompt_learning else tuned.unload()).state_dict()
    assert all(torch.equal(whole[name], tensor) for name, tensor in frozen.items())


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["int8", "nf4", "fp4"])
@pytest.mark.parametrize("architecture", ["llama", "gpt2"])
@pytest.mark.parametrize("name", ["lora", "dora", "loha", "lokr", "oft", "ia3", "prefix_tuning"])
def test_a_method_learns_on_quantised_weights_or_says_why_not(
    name: str, architecture: str, kind: str, models: dict[str, ModelFacts]
) -> None:
    case = next(case for case in _CASES if case["method.name"] == name)
    settings, known, quantization = build(case).method, models[architecture], Quantization(kind)
    method = METHODS[settings.name]
    reason = method.refuses(settings, known, quantization)
    refused = name in ("loha", "lokr") or (name, architecture) in _REFUSED
    assert bool(reason) == (refused or (kind, name, architecture) in _REFUSED_QUANTISED)
    if reason:
        return
    model = method.apply(load_model(known.path, "bf16", "cpu", quantization), settings, known)
    frozen = {name: p.detach().clone() for name, p in model.named_parameters() if not p.requires_grad}
    trained = [p for p in model.parameters() if p.requires_grad]
    assert sum(p.numel() for p in trained) == method.trainable(settings, known)
    with torch.autocast("cpu", torch.bfloat16, cache_enabled=False):
        first, lowest = _overfit(model, trained, _RATES.get(settings.name, 5e-3))
    assert lowest < 0.99 * first
    assert all(torch.equal(frozen[name], p) for name, p in model.named_parameters() if name in frozen)


def _overfit(model: PeftModel, parameters: list[torch.nn.Parameter], rate: float) -> tuple[float, float]:
    """The first and the lowest loss."""
    optimizer = torch.optim.AdamW(parameters, rate)
    model.train()
    losses = []
    for _ in range(20):
        loss = model(_IDS, labels=_IDS).loss
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        losses.append(float(loss.detach()))
    return losses[0], min(losses)
