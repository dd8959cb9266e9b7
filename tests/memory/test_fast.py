"""What training on the fast path needs of memory, by hand."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from workbench.config.build import build
from workbench.engine.footprint import LOGITS_BYTES
from workbench.engine.shape import FUSED
from workbench.hardware.devices import machine
from workbench.memory.fast import FastLoad, fast_estimate
from workbench.models.facts import ModelFacts, facts
from workbench.models.quantization import WHOLE, Quantization
from workbench.training.auto import Circumstances, resolve
from workbench.training.needs import estimate

_LAYERS = 30
_RANKS = {f"model.layers.{layer}.{role}": 8 for layer in range(_LAYERS) for roles in FUSED.values() for role in roles}
_LOAD = FastLoad("bf16", WHOLE, _RANKS, 2_442_240, "adamw", threads=2, micro_batch_size=8, length=512, drops=False)

_FUSED = [(960 + 576, 24), (576 + 576, 8), (3072 + 576, 16), (576 + 1536, 8)]
"""Rows and columns of each product together, and the ranks that learn beside it."""


@pytest.fixture
def smol(tmp_path: Path) -> ModelFacts:
    """SmolLM2-135M's sizes."""
    sizes = {"vocab_size": 49152, "hidden_size": 576, "intermediate_size": 1536, "num_hidden_layers": _LAYERS}
    heads = {"num_attention_heads": 9, "num_key_value_heads": 3, "max_position_embeddings": 8192}
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "llama", **sizes, **heads}))
    inside = {module: (576, 576) for module in _RANKS}
    return ModelFacts("smol", tmp_path, parameters=134_515_008, linear_shapes=inside, dtype="bf16")


def test_weights_and_trained_numbers_are_counted_once_for_all_threads(smol: ModelFacts) -> None:
    held = fast_estimate(smol, _LOAD).terms
    assert held["weights"] == 2 * 134_515_008
    assert held["trained"] == 4 * 2_442_240 + 2 * _LAYERS * sum(32 * size for size, _ in _FUSED)
    assert held["optimizer"] == 8 * 2_442_240


def test_gradients_are_those_of_each_lane_or_those_made_of_their_sum(smol: ModelFacts) -> None:
    many = replace(_LOAD, threads=8)
    few, more = (fast_estimate(smol, load).terms["gradients"] for load in (_LOAD, many))
    taught = _LAYERS * sum(ranks * size for size, ranks in _FUSED)
    assert few == (2 + 4) * taught + 4 * 2_442_240
    assert more == (8 * 2 + 4) * taught


def test_memory_grows_with_packed_tokens_and_not_with_the_vocabulary(smol: ModelFacts) -> None:
    short, long = (fast_estimate(smol, replace(_LOAD, length=length)).terms for length in (128, 256))
    assert long["activations"] == pytest.approx(2 * short["activations"], rel=0.001)
    assert long["logits"] == short["logits"] <= 2 * LOGITS_BYTES


def test_no_more_logits_count_than_there_are_tokens(smol: ModelFacts) -> None:
    tiny = replace(_LOAD, micro_batch_size=1, length=16)
    assert fast_estimate(smol, tiny).terms["logits"] == 16 * 49152 * 2


def test_a_matrix_that_becomes_codes_is_whole_for_a_moment(smol: ModelFacts) -> None:
    def on_the_way(kind: str) -> float:
        return fast_estimate(smol, replace(_LOAD, quantization=Quantization(kind))).moments["loading"]["workspace"]

    assert on_the_way("none") == 0
    assert on_the_way("nf4") == 576 * 576 * 2
    assert on_the_way("int8") == 576 * 576 * (2 + 2 + 4 + 1)


def test_each_thread_takes_memory_for_codes_made_whole_attention_and_products(smol: ModelFacts) -> None:
    whole, coded, long, one = (
        fast_estimate(smol, load).terms["workspace"]
        for load in (
            _LOAD,
            replace(_LOAD, quantization=Quantization("nf4")),
            replace(_LOAD, length=1024),
            replace(_LOAD, threads=1),
        )
    )
    assert coded - whole == 2 * 2 * 3072 * (576 + 32)
    assert long - whole == 2 * 512 * 64 * 7 * 4
    assert one == whole / 2


def test_a_pack_is_no_longer_than_it_has_to_be(smol: ModelFacts) -> None:
    many, enough = (replace(_LOAD, micro_batch_size=rows) for rows in (64, 4))
    assert many.pack_tokens == enough.pack_tokens == 1024
    assert replace(_LOAD, length=3000).pack_tokens == 3072
    alone = replace(_LOAD, micro_batch_size=1)
    assert (alone.pack_tokens, alone.lanes) == (512, 1)


def test_codes_take_less_than_whole_weights(smol: ModelFacts) -> None:
    whole, coded = (fast_estimate(smol, replace(_LOAD, quantization=kind)).gb for kind in (WHOLE, Quantization("nf4")))
    assert coded < whole


def test_fewer_examples_are_computed_at_once_where_memory_is_short(tiny_model: Path) -> None:
    known = facts(tiny_model)
    asked = build({"hardware.engine": "fast", "model.precision": "fp32", "training.batch_size": 16})
    around = Circumstances(known, replace(machine(), cores=2), 8.0, 100, 200)
    roomy, _ = resolve(asked, around)
    # What one at a time takes is just below the share of the free memory that a run may take.
    least_gb = estimate(roomy, known, 1, 200).gb
    short, _ = resolve(asked, replace(around, free_gb=1.002 * least_gb / 0.7))
    assert int(short.training.micro_batch_size) < roomy.training.micro_batch_size == 16
