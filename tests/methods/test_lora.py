"""What LoRA trains, counted before and after it is applied."""

from pathlib import Path

import pytest

from tests.tiny import make_model
from workbench.config.methods import LoraSettings
from workbench.errors import SettingError
from workbench.methods.beside import chosen_layers
from workbench.methods.lora import Lora
from workbench.methods.ranks import rank_of_each
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
        expert_shapes = {"layers.0.mlp.experts.down": (4, 1024, 1024)}
        architecture = "Tiny"

    count = Lora().trainable
    assert count(LoraSettings(rank=2, target_modules="q_proj"), Layer()) == 2048  # type: ignore[arg-type]
    assert count(LoraSettings(rank=8, target_modules="up"), Layer()) == 16384  # type: ignore[arg-type]
    assert count(LoraSettings(rank=8, target_modules="experts"), Layer()) == 4 * 16384  # type: ignore[arg-type]


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


_NAMES = {f"layers.{block}.{part}": (8, 8) for block in range(3) for part in ("self_attn.q_proj", "mlp.up_proj")}


class Model:
    linear_shapes = _NAMES
    expert_shapes: dict[str, tuple[int, int, int]] = {}


def test_roles_and_names_may_stand_beside_each_other() -> None:
    assert choose("attention, up_proj", _NAMES) == choose("q_proj", _NAMES) + choose("mlp", _NAMES)


@pytest.mark.parametrize(
    ("layers", "blocks"),
    [("all", "012"), ("last 2", "12"), ("first 1", "0"), ("1", "1"), ("0-1", "01"), ("last 3", "012")],
)
def test_a_range_of_layers(layers: str, blocks: str) -> None:
    settings = LoraSettings(target_modules="q_proj", layers=layers)
    chosen = chosen_layers(settings, Model())  # type: ignore[arg-type]
    assert [layer.name for layer in chosen] == [f"layers.{block}.self_attn.q_proj" for block in blocks]


@pytest.mark.parametrize("layers", ["5", "2-1", "0-3", "last 0", "last 4", "first 9", "lots", ""])
def test_a_range_that_cannot_be_is_named(layers: str) -> None:
    with pytest.raises(SettingError) as caught:
        chosen_layers(LoraSettings(layers=layers), Model())  # type: ignore[arg-type]
    assert (caught.value.setting, layers in str(caught.value)) == ("method.layers", True)


def test_ranks_by_role_and_name_the_later_entry_holds() -> None:
    settings = LoraSettings(rank=2, rank_pattern="attention 16, mlp 4, 0.mlp.up_proj: 8")
    ranks = rank_of_each(settings, list(_NAMES))
    assert [ranks[f"layers.{block}.mlp.up_proj"] for block in range(3)] == [8, 4, 4]
    assert {ranks[f"layers.{block}.self_attn.q_proj"] for block in range(3)} == {16}


@pytest.mark.parametrize("pattern", ["attention", "attention x", "attention 0", "attention 999", "k_proj 4"])
def test_a_rank_pattern_that_cannot_be_is_named(pattern: str) -> None:
    with pytest.raises(SettingError) as caught:
        Lora().trainable(LoraSettings(rank_pattern=pattern), Model())  # type: ignore[arg-type]
    assert caught.value.setting == "method.rank_pattern"


def test_other_ranks_keep_the_strength_and_are_counted(tiny_model: Path) -> None:
    settings = LoraSettings(rank=4, alpha=8.0, rank_pattern="attention 8, 1.self_attn.q_proj 2", layers="last 1")
    model = Lora().apply(load_model(tiny_model, "fp32", "cpu"), settings, facts(tiny_model))
    trained = {name: p for name, p in model.named_parameters() if p.requires_grad}
    assert sum(p.numel() for p in trained.values()) == Lora().trainable(settings, facts(tiny_model))
    layers = {name: module for name, module in model.named_modules() if hasattr(module, "lora_A")}
    assert {name.rpartition(".")[2]: module.r["default"] for name, module in layers.items()}["q_proj"] == 2
    assert {module.r["default"] for module in layers.values()} == {2, 4, 8}
    assert {module.scaling["default"] for module in layers.values()} == {2.0}
