"""Frozen weights in few bits: what is measured of a real layer is what is counted beforehand."""

from pathlib import Path

import pytest
import torch
from bitsandbytes.nn import Linear4bit
from transformers import LlamaConfig, LlamaForCausalLM

from tests.tiny import make_tokenizer
from workbench.models.facts import facts
from workbench.models.load import load_model
from workbench.models.quantization import Quantization

_NF4 = (
    *(-1.0, -0.6961928009986877, -0.5250730514526367, -0.39491748809814453, -0.28444138169288635),
    *(-0.18477343022823334, -0.09105003625154495, 0.0, 0.07958029955625534, 0.16093020141124725),
    *(0.24611230194568634, 0.33791524171829224, 0.44070982933044434, 0.5626170039176941, 0.7229568362236023, 1.0),
)
"""The 16 levels of appendix E of the QLoRA paper."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of one layer whose matrices are 512 wide and more."""
    path = tmp_path_factory.mktemp("wide")
    tokenizer = make_tokenizer()
    config = LlamaConfig(
        vocab_size=len(tokenizer), hidden_size=512, intermediate_size=1024, num_hidden_layers=1, num_attention_heads=8
    )
    LlamaForCausalLM(config).save_pretrained(path)
    tokenizer.save_pretrained(path)
    return path


@pytest.mark.parametrize(
    ("quantization", "most_bits"),
    [
        (Quantization("int8"), 8.1),
        (Quantization("nf4", double=False), 4.5),
        (Quantization("nf4"), 4.13),
        (Quantization("fp4"), 4.13),
        (Quantization("nf4", double=False, block_size=32), 5.0),
        (Quantization("nf4", block_size=128), 4.065),
        (Quantization("nf4", block_size=4096), 4.003),
    ],
)
def test_bits_a_weight(folder: Path, quantization: Quantization, most_bits: float) -> None:
    known = facts(folder)
    model = load_model(folder, "fp32", "cpu", quantization)
    weights = sum(rows * columns for rows, columns in known.linear_shapes.values())
    measured = sum(_bytes_of(model.get_submodule(name)) for name in known.linear_shapes)
    assert 8 * measured / weights <= most_bits
    rest = 4 * (known.parameters - weights)
    assert quantization.weight_bytes(known, 4) == pytest.approx(measured + rest, rel=0.003)


def test_the_levels_are_those_of_the_paper(folder: Path) -> None:
    layer = load_model(folder, "fp32", "cpu", Quantization("nf4")).get_submodule("model.layers.0.mlp.up_proj")
    assert layer.weight.quant_state.code.tolist() == pytest.approx(_NF4, abs=1e-6)


def _bytes_of(layer: torch.nn.Module) -> int:
    """Codes and constants of a quantised layer; the table of its 16 levels is the same for all and left out."""
    weight = layer.weight
    if not isinstance(layer, Linear4bit):
        return weight.numel() * weight.element_size() + weight.SCB.numel() * weight.SCB.element_size()
    state = weight.quant_state
    constants = [state.absmax] + ([state.state2.absmax] if state.nested else [])
    return sum(tensor.numel() * tensor.element_size() for tensor in (weight, *constants))
