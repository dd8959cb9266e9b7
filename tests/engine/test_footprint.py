"""What is reckoned beforehand is what a workspace takes."""

from dataclasses import replace
from typing import Any

import pytest
import torch

from workbench.data.rendering.rows import IGNORED, Row
from workbench.engine.adapters import Adapters, LoraPlan
from workbench.engine.footprint import Footprint, packed_tokens, ranks_by_product
from workbench.engine.packs import pack
from workbench.engine.shape import FUSED, Shape
from workbench.engine.shape_reading import shape_of
from workbench.engine.workspace import Workspace

_CONFIG = {
    **{"vocab_size": 400, "hidden_size": 64, "intermediate_size": 160, "num_hidden_layers": 3},
    **{"num_attention_heads": 4, "num_key_value_heads": 2, "max_position_embeddings": 256, "head_dim": 32},
}

_RANKS = {f"model.layers.{layer}.{role}": 24 for layer in (1, 2) for role in (*FUSED["qkv"], *FUSED["down"])}
"""Of two layers of three, and not of all products."""


def _adapters(shape: Shape, dropout: float) -> Adapters:
    return Adapters(LoraPlan(_RANKS, dict.fromkeys(_RANKS, 1.0), dropout), shape)


@pytest.mark.parametrize("model_type", ["llama", "qwen3"])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
@pytest.mark.parametrize(("dropout", "decodes"), [(0.0, False), (0.1, True)])
def test_a_workspace_takes_what_was_reckoned(
    model_type: str, dtype: torch.dtype, dropout: float, decodes: bool
) -> None:
    shape = shape_of({"model_type": model_type, **_CONFIG})
    adapters = _adapters(shape, dropout)
    footprint = Footprint(shape, ranks_by_product(_RANKS, 3), dtype.itemsize)
    workspace = Workspace(shape, adapters, dtype, decodes=decodes)
    workspace.reserve(100)
    reckoned = footprint.thread_bytes(100, decodes=decodes, drops=dropout > 0)
    reckoned += footprint.logits_bytes - 100 * footprint.around_bytes
    assert reckoned == _bytes(vars(workspace))
    assert footprint.written_logits_bytes(1) == 400 * dtype.itemsize
    assert footprint.written_logits_bytes(1 << 30) == footprint.logits_bytes
    assert footprint.taught_numbers == adapters.numbers


def _bytes(held: Any) -> int:
    """Of all tensors in a tree of them."""
    if isinstance(held, torch.Tensor):
        return held.nbytes
    branches = held.values() if isinstance(held, dict) else held if isinstance(held, list) else ()
    return sum(map(_bytes, branches))


def test_a_larger_vocabulary_takes_no_more_for_logits() -> None:
    shape = shape_of({"model_type": "llama", **_CONFIG})
    small, large = (Footprint(replace(shape, vocabulary=size), {}, 2) for size in (50_000, 200_000))
    assert large.logits_bytes == pytest.approx(small.logits_bytes, rel=0.01)


def test_packs_have_few_sizes_and_are_not_much_larger_than_their_rows() -> None:
    sizes = [packed_tokens(tokens) for tokens in range(64, 2049)]
    assert len(set(sizes)) <= 45
    assert all(tokens <= size <= 1.25 * tokens for tokens, size in enumerate(sizes, 64))
    filled = pack([Row([1, 2, 3], [IGNORED, 2, 3], 0)])
    assert (filled.starts.tolist(), len(filled.ids), filled.labels.tolist()) == ([0, 3, 16], 16, [2, 3])
