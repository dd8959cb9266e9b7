"""What LoRA trains, counted before and after it is applied."""

from pathlib import Path

import pytest

from tests.tiny import make_model
from workbench.config.methods import LoraSettings
from workbench.errors import SettingError
from workbench.methods.lora import Lora
from workbench.methods.targets import choose, suffixes
from workbench.models.facts import facts
from workbench.models.load import load_model


@pytest.mark.parametrize("architecture", ["llama", "qwen2", "gpt2"])
@pytest.mark.parametrize("targets", ["all-linear", "attention", "mlp"])
def test_the_count_beforehand_is_the_count_afterwards(tmp_path: Path, architecture: str, targets: str) -> None:
    folder = make_model(tmp_path / architecture, architecture)
    settings = LoraSettings(rank=4, alpha=8.0, target_modules=targets)
    model = Lora().apply(load_model(folder, "fp32", "cpu"), settings, facts(folder))
    trained = sum(p.numel() for p in model.parameters() if p.requires_grad)
    assert trained == Lora().trainable(settings, facts(folder)) > 0


def test_counts_by_hand() -> None:
    class Layer:
        linear_shapes = {"layers.0.self_attn.q_proj": (512, 512), "layers.0.mlp.up": (1024, 1024)}

    count = Lora().trainable
    assert count(LoraSettings(rank=2, target_modules="q_proj"), Layer()) == 2048  # type: ignore[arg-type]
    assert count(LoraSettings(rank=8, target_modules="up"), Layer()) == 16384  # type: ignore[arg-type]


def test_an_unknown_layer_is_answered_with_the_nearest(tiny_model: Path) -> None:
    with pytest.raises(SettingError) as caught:
        choose("q_prj", facts(tiny_model).linear_shapes)
    assert "q_proj" in caught.value.hint


def test_endings_tell_layers_of_the_same_name_apart(tmp_path: Path) -> None:
    linears = facts(make_model(tmp_path / "gpt2", "gpt2")).linear_shapes
    assert suffixes(choose("attention", linears), linears) == ["attn.c_proj", "c_attn"]


def test_small_models_get_larger_steps() -> None:
    rates = [Lora().learning_rate(size) for size in (5_000_000, 135_000_000, 1_000_000_000, 7_000_000_000)]
    assert rates == sorted(rates, reverse=True)
    assert rates[0] == 3e-3
    assert rates[-1] == 2e-4
