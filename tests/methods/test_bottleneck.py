"""Bottleneck layers: where they stand, how many numbers they are, and that stock PEFT can have them."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from peft import PeftModel
from peft.utils import PeftType

from tests.tiny import KINDS, make_model
from workbench.config.methods import BottleneckSettings
from workbench.errors import SettingError
from workbench.methods.bottleneck import Bottleneck
from workbench.methods.bottleneck_tuner import NAME, BottleneckConfig
from workbench.models.facts import ModelFacts, facts
from workbench.models.layout_reader import read_layout
from workbench.models.layouts import with_layout
from workbench.models.load import load_model
from workbench.models.quantization import WHOLE

_EXPERTS: dict[str, dict[str, Any]] = {
    kind: KINDS["mixtral"] | {"num_experts": 4, "moe_intermediate_size": 32, "shared_expert_intermediate_size": 32}
    for kind in ("qwen2_moe", "qwen3_moe", "olmoe", "granitemoe", "gpt_oss")
}
_IDS = torch.arange(3, 35).view(2, 16)
_STOCK = """
import sys
import peft, torch, transformers
before = set(sys.modules)
import workbench.methods.bottleneck_tuner
assert not {name.partition(".")[0] for name in set(sys.modules) - before} - {"workbench"}
base = transformers.AutoModelForCausalLM.from_pretrained(sys.argv[1], dtype=torch.float32)
model = peft.PeftModel.from_pretrained(base, sys.argv[2]).eval()
print(model(torch.arange(3, 35).view(2, 16)).logits.double().sum().item())
"""


@pytest.fixture(scope="module")
def known(tiny_model: Path) -> ModelFacts:
    return facts(tiny_model)


def test_the_count_is_that_of_the_paper() -> None:
    """2md + d + m with d = 1024 and m = 64, twice in each of 24 blocks."""
    linears = {f"model.layers.{n}.{name}": (1024, 1024) for n in range(24) for name in ("attn.c_proj", "mlp.c_proj")}
    known = ModelFacts("a", Path("a"), hidden_size=1024, linear_shapes=linears)
    assert Bottleneck().trainable(BottleneckSettings(), known) == 48 * (2 * 64 * 1024 + 1024 + 64)
    assert Bottleneck().trainable(BottleneckSettings(placement="pfeiffer"), known) == 24 * 132_160


@pytest.mark.parametrize("kind", [*KINDS, *_EXPERTS])
def test_a_layer_stands_after_attention_and_feed_forward_of_each_block(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.tiny.KINDS", KINDS | _EXPERTS)
    model = load_model(make_model(tmp_path, kind), "fp32", "cpu")
    known = with_layout(facts(tmp_path), read_layout(model))
    assert Bottleneck().refuses(BottleneckSettings(), known, WHOLE) is None
    model = Bottleneck().apply(model, BottleneckSettings(), known)
    trained = {name: p for name, p in model.named_parameters() if p.requires_grad}
    assert len(trained) == 4 * 2 * known.layers
    assert sum(p.numel() for p in trained.values()) == Bottleneck().trainable(BottleneckSettings(), known)
    model(_IDS).logits.sum().backward()
    assert all(p.grad is not None for p in trained.values())


def test_it_begins_as_the_original_and_can_be_switched_off(known: ModelFacts) -> None:
    base = load_model(known.path, "fp32", "cpu")
    original = base(_IDS).logits
    model = Bottleneck().apply(base, BottleneckSettings(), known).eval()
    assert torch.equal(model(_IDS).logits, original)
    disturb(model)
    assert not torch.allclose(model(_IDS).logits, original, atol=1e-2)
    with model.disable_adapter():
        assert torch.equal(model(_IDS).logits, original)
    assert torch.equal(model.base_model.unload()(_IDS).logits, original)


def test_several_stand_beside_each_other(known: ModelFacts, tmp_path: Path) -> None:
    model = Bottleneck().apply(load_model(known.path, "fp32", "cpu"), BottleneckSettings(), known).eval()
    disturb(model)
    first = model(_IDS).logits
    model.save_pretrained(str(tmp_path))
    model.add_adapter("other", BottleneckConfig(target_modules=["mlp.down_proj"], outer=64, inner=2, activation="gelu"))
    model.set_adapter("other")
    assert torch.equal(model(_IDS).logits, load_model(known.path, "fp32", "cpu")(_IDS).logits)
    model.load_adapter(str(tmp_path), "again", low_cpu_mem_usage=True)
    model.set_adapter("again")
    assert torch.equal(model(_IDS).logits, first)
    model.delete_adapter("again")
    model.set_adapter("default")
    assert torch.equal(model(_IDS).logits, first)


def test_it_is_not_merged(known: ModelFacts) -> None:
    model = Bottleneck().apply(load_model(known.path, "fp32", "cpu"), BottleneckSettings(), known)
    with pytest.raises(ValueError, match="cannot be merged"):
        model.merge_and_unload()


def test_more_narrow_than_the_model_is_wide(known: ModelFacts) -> None:
    with pytest.raises(SettingError, match="64 wide cannot be made 65 times narrower"):
        Bottleneck().trainable(BottleneckSettings(reduction_factor=65), known)


def test_a_model_whose_parts_have_unknown_ends_is_refused() -> None:
    known = ModelFacts("a", Path("a"), "StrangeForCausalLM", hidden_size=64, linear_shapes={"layers.0.mixer": (64, 64)})
    reason = Bottleneck().refuses(BottleneckSettings(), known, WHOLE)
    assert reason == "Bottleneck layers need to know where the attention of StrangeForCausalLM ends."


def test_peft_takes_the_kind_for_one_of_its_own() -> None:
    """A newer PEFT or Python may keep the members of an enum otherwise; this says so."""
    kind = PeftType(NAME)
    assert kind is PeftType[NAME] is PeftType.BOTTLENECK
    assert kind in list(PeftType)
    assert (kind.name, kind.value, f"{kind.value}") == (NAME, NAME, NAME)
    assert {kind: 1}[NAME] == 1
    assert BottleneckConfig().to_dict()["peft_type"] == NAME


@pytest.mark.slow
def test_stock_peft_loads_it_after_importing_the_one_module(known: ModelFacts, tmp_path: Path) -> None:
    model = Bottleneck().apply(load_model(known.path, "fp32", "cpu"), BottleneckSettings(), known).eval()
    disturb(model)
    model.save_pretrained(str(tmp_path))
    arguments = [sys.executable, "-c", _STOCK, str(known.path), str(tmp_path)]
    said = subprocess.run(arguments, capture_output=True, text=True, check=True).stdout
    assert float(said.splitlines()[-1]) == pytest.approx(model(_IDS).logits.double().sum().item(), abs=1e-4)


def disturb(model: PeftModel) -> None:
    """Give the trained numbers values as if they had learned something."""
    torch.manual_seed(0)
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.requires_grad:
                parameter.normal_()
