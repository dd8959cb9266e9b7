"""Padded, grouped and packed: the same examples, losses and gradients, with less padding."""

import random
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from peft import PeftModel
from transformers import MODEL_FOR_CAUSAL_LM_MAPPING

from tests.training.small_models import PAD, make_model, make_rows, small_config, types_of
from workbench.config.run_config import RunConfig
from workbench.data.rendering.rows import IGNORED, Row
from workbench.errors import SettingError
from workbench.methods.lora import Lora
from workbench.methods.regimen import Regimen
from workbench.training import plan
from workbench.training.apart import keep_apart
from workbench.training.batches import Batching, Packed, Padded, join
from workbench.training.checks import find_problems
from workbench.training.noise import Noise
from workbench.training.order import DataOrder, GroupedOrder
from workbench.training.packing import ARCHITECTURES, choose_batching
from workbench.training.stepper import StandardStepper


def learn(model: PeftModel, rows: list[Row], batching: Batching) -> tuple[float, dict[str, torch.Tensor]]:
    """Loss and gradients of one update."""
    model.zero_grad()
    loss = StandardStepper(model, batching, "fp32", Regimen(), Noise(model, 0.0)).accumulate(rows).loss
    return loss, {name: p.grad.clone() for name, p in model.named_parameters() if p.grad is not None}


@pytest.fixture(scope="module")
def llama() -> PeftModel:
    return make_model(small_config("llama"))


@pytest.mark.parametrize("model_type", sorted({*types_of(ARCHITECTURES), "gptj", "gemma2"}))
@torch.no_grad()
def test_packed_examples_read_as_if_each_were_alone(model_type: str) -> None:
    model, rows = make_model(small_config(model_type)).eval(), make_rows(20, 3, 14, 1, 9)
    alone = [model(**join([row], "cpu").inputs, use_cache=False).logits[0] for row in rows]
    keep_apart(model)
    packed = model(**join(rows, "cpu").inputs, use_cache=False).logits[0]
    scale = float(torch.cat(alone).std())
    for apart, own in zip(packed.split([len(row.input_ids) for row in rows]), alone, strict=True):
        torch.testing.assert_close(apart / scale, own / scale, atol=1e-4, rtol=0)


def test_each_architecture_that_auto_packs_is_in_transformers() -> None:
    named = {model.__name__ for model in MODEL_FOR_CAUSAL_LM_MAPPING.values() if not isinstance(model, tuple)}
    assert named >= ARCHITECTURES


@pytest.mark.parametrize(
    ("model_type", "settings"),
    [
        ("rwkv", {"attention_hidden_size": 32}),
        ("lfm2", {"layer_types": ["conv", "full_attention"]}),
        ("opt", {"ffn_dim": 48, "word_embed_proj_dim": 32}),
        ("bloom", {}),
    ],
)
def test_a_model_that_carries_text_along_is_refused(model_type: str, settings: dict[str, Any]) -> None:
    check_refused(make_model(small_config(model_type, **settings)))


def test_a_state_space_model_is_refused() -> None:
    check_refused(make_model(small_config("mamba"), targets=["x_proj"]))


def check_refused(model: PeftModel) -> None:
    with pytest.raises(SettingError, match=r"cannot take packed examples.* Choose grouped or padded") as refused:
        keep_apart(model)
    assert refused.value.setting == "training.batching"


@pytest.mark.parametrize("model_type", ["llama", "qwen2", "gpt2", "gemma3_text"])
@pytest.mark.parametrize("checkpointing", [False, True])
def test_packed_teaches_what_padded_teaches(model_type: str, checkpointing: bool) -> None:
    model, rows = make_model(small_config(model_type)), make_rows(20, 3, 14, 5, 9, 30)
    loss, gradients = learn(model, rows, Padded(1, PAD, "cpu"))
    keep_apart(model)
    if checkpointing:
        model.get_base_model().gradient_checkpointing_enable(gradient_checkpointing_kwargs={"use_reentrant": False})
        model.enable_input_require_grads()
    packed_loss, packed_gradients = learn(model, rows, Packed(4, "cpu"))
    assert packed_loss == pytest.approx(loss, rel=1e-5)
    assert packed_gradients.keys() == gradients.keys()
    for name, gradient in gradients.items():
        torch.testing.assert_close(packed_gradients[name], gradient, atol=1e-5 * float(gradient.abs().max()), rtol=1e-3)


def test_every_batching_gives_the_same_counts_and_held_out_loss(llama: PeftModel) -> None:
    rows = make_rows(20, 3, 14, 5, 9, 30, 7)
    keep_apart(llama)
    alone, padded, packed = (
        StandardStepper(llama, batching, "fp32", Regimen(), Noise(llama, 0.0))
        for batching in (Padded(1, PAD, "cpu"), Padded(3, PAD, "cpu"), Packed(3, "cpu"))
    )
    counts = [(step.tokens, step.learned_tokens) for step in (s.accumulate(rows) for s in (alone, padded, packed))]
    assert counts == [(88, sum(row.learned_tokens for row in rows))] * 3
    held_out = alone.evaluate(rows)
    assert padded.evaluate(rows) == pytest.approx(held_out, rel=1e-5)
    assert packed.evaluate(rows) == pytest.approx(held_out, rel=1e-5)


def test_a_model_kept_apart_generates_as_before(llama: PeftModel) -> None:
    prompt = torch.tensor([[5, 9, 12, 7, 30]])
    fresh = make_model(small_config("llama")).eval()
    expected = fresh.generate(input_ids=prompt, max_new_tokens=8, do_sample=False)
    keep_apart(llama)
    assert torch.equal(llama.eval().generate(input_ids=prompt, max_new_tokens=8, do_sample=False), expected)


def test_the_proof_leaves_the_model_as_it_was(llama: PeftModel) -> None:
    llama.zero_grad()
    before = torch.get_rng_state()
    for training in (True, False):
        keep_apart(llama.train(training))
        assert llama.training is training
    assert torch.equal(torch.get_rng_state(), before)
    assert all(parameter.grad is None for parameter in llama.parameters())


def test_a_pack_ends_at_so_many_examples_or_tokens() -> None:
    rows = make_rows(900, 900, 900, 5, 5, 5, 5, 5000, 7)
    packs = [batch.input_ids.shape for batch in Packed(4, "cpu").batches(rows)]
    assert packs == [(1, 1800), (1, 915), (1, 5), (1, 5000), (1, 7)]


def test_no_example_learns_the_first_token_of_the_next() -> None:
    rows = [Row([5, 6, 7], [5, 6, 7], 0), Row([8, 9], [8, 9], 1)]
    batch = join(rows, "cpu")
    assert batch.labels.tolist() == [[IGNORED, 6, 7, IGNORED, 9]]
    assert batch.position_ids is not None and batch.position_ids.tolist() == [[0, 1, 2, 0, 1]]


def test_padded_puts_rows_of_like_length_together() -> None:
    batches = list(Padded(2, PAD, "cpu").batches(make_rows(3, 30, 4, 29)))
    assert [batch.input_ids.shape for batch in batches] == [(2, 30), (2, 4)]


LENGTHS = np.array(random.Random(1).choices(range(10, 500), k=203))


def padding(order: DataOrder, steps: int) -> int:
    batches = [[LENGTHS[index] for index in order.batch(step)] for step in range(steps)]
    return sum(len(batch) * max(batch) - sum(batch) for batch in batches)


def test_grouped_teaches_each_example_once_an_epoch() -> None:
    order = GroupedOrder(LENGTHS, 4, seed=3)
    epochs = [[order.batch(step) for step in range(first, first + 51)] for first in (0, 51)]
    for batches in epochs:
        assert sorted(index for batch in batches for index in batch) == list(range(203))
        assert [len(batch) for batch in batches] == [4] * 50 + [3]
    assert {frozenset(batch) for batch in epochs[0]}.isdisjoint({frozenset(batch) for batch in epochs[1]})


def test_grouped_fills_far_less() -> None:
    assert padding(GroupedOrder(LENGTHS, 4, 3), 50) < 0.3 * padding(DataOrder(203, 4, 3), 50)


def test_grouped_batches_come_in_no_order_of_length() -> None:
    order = GroupedOrder(LENGTHS, 4, 3)
    longest = [max(LENGTHS[index] for index in order.batch(step)) for step in range(50)]
    rises = sum(after > before for before, after in pairwise(longest))
    assert 15 < rises < 35


@pytest.mark.parametrize("order", [lambda: DataOrder(203, 4, 3), lambda: GroupedOrder(LENGTHS, 4, 3)])
def test_an_order_needs_no_memory(order: Any) -> None:
    straight, back = order(), order()
    batches = [straight.batch(step) for step in range(120)]
    assert [back.batch(step) for step in reversed(range(120))] == batches[::-1]
    assert order().batch(77) == batches[77]


def test_a_method_that_cannot_pack_is_told_before_the_start(config: RunConfig, root: Path) -> None:
    packed = config.changed("training.batching", "packed")
    assert "training.batching" not in [problem.setting for problem in find_problems(plan.make(packed, root))]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Lora, "packs", False)
        first = find_problems(plan.make(packed, root))[0]
        assert (first.level, first.setting) == ("error", "training.batching")
        standard = plan.make(config.changed("hardware.engine", "standard"), root)
        assert standard.config.training.batching == "grouped"


@pytest.mark.parametrize(
    ("architecture", "packs", "expected"),
    [
        ("LlamaForCausalLM", True, "packed"),
        ("LlamaForCausalLM", False, "grouped"),
        ("MambaForCausalLM", True, "grouped"),
    ],
)
def test_auto_packs_only_what_is_proved(architecture: str, packs: bool, expected: str) -> None:
    assert choose_batching(architecture, packs=packs)[0] == expected
