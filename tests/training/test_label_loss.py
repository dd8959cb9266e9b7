"""The loss goes through the vocabulary for learned tokens alone, and is the one that all logits would give."""

from typing import Any

import pytest
import torch
from peft import PeftModel, PromptEncoderConfig, PromptTuningConfig, get_peft_model
from torch.nn import functional
from transformers import AutoModelForCausalLM

from tests.training.small_models import PAD, make_model, make_rows, small_config, types_of
from workbench.data.rendering.rows import IGNORED
from workbench.training.batches import Batch, collate, join
from workbench.training.label_loss import summed_loss
from workbench.training.packing import ARCHITECTURES

_ROWS = make_rows(20, 3, 14, 9)
_BATCHES = {"padded": collate(_ROWS, PAD, "cpu"), "packed": join(_ROWS, "cpu")}
# A cap, a scale, a divisor and a bias after or in the output layer, weights shared with the embeddings or not.
_DIFFERENT = ("llama", "gemma2", "cohere", "granite", "phi", "gpt2", "opt", "mamba")
_EVERY = sorted({*types_of(ARCHITECTURES), *_DIFFERENT})


def full_loss(model: PeftModel, batch: Batch) -> torch.Tensor:
    """By the logits of all tokens, in torch's own words."""
    logits = model(**batch.inputs, use_cache=False).logits[:, -batch.labels.shape[1] : -1]
    return functional.cross_entropy(
        logits.transpose(1, 2).float(), batch.labels[:, 1:], ignore_index=IGNORED, reduction="sum"
    )


def gradients(model: PeftModel, loss: torch.Tensor) -> dict[str, torch.Tensor]:
    model.zero_grad()
    (loss / 7).backward()
    return {name: p.grad.clone() for name, p in model.named_parameters() if p.grad is not None}


def check_same(model: PeftModel, batch: Batch) -> None:
    """The same loss and gradients; only learned tokens went through the output layer."""
    expected = full_loss(model, batch)
    slopes = gradients(model, expected)
    seen: list[torch.Size] = []
    hook = model.get_output_embeddings().register_forward_hook(lambda _, given, made: seen.append(made.shape))
    loss = summed_loss(model, batch)
    hook.remove()
    assert [shape[:-1].numel() for shape in seen] == [batch.learned_tokens]
    torch.testing.assert_close(loss, expected, rtol=1e-5, atol=0)
    own = gradients(model, loss)
    assert own.keys() == slopes.keys()
    for name, slope in slopes.items():
        torch.testing.assert_close(own[name], slope, atol=1e-4 * float(slope.abs().max()), rtol=1e-3)


@pytest.mark.parametrize("batch", _BATCHES.values(), ids=_BATCHES)
@pytest.mark.parametrize("model_type", ["llama", "gemma2", "cohere"])
def test_what_few_tokens_teach_is_what_all_logits_would(model_type: str, batch: Batch) -> None:
    check_same(make_model(small_config(model_type)), batch)


@pytest.mark.slow
@pytest.mark.parametrize("batch", _BATCHES.values(), ids=_BATCHES)
@pytest.mark.parametrize("model_type", _EVERY)
def test_it_is_so_for_every_kind(model_type: str, batch: Batch) -> None:
    targets: Any = ["x_proj"] if model_type == "mamba" else "all-linear"
    check_same(make_model(small_config(model_type), targets), batch)


@pytest.mark.parametrize("settings", [PromptTuningConfig, PromptEncoderConfig])
def test_trained_words_before_the_text_are_left_out(settings: Any) -> None:
    base = AutoModelForCausalLM.from_config(small_config("llama"))
    model = get_peft_model(base, settings(task_type="CAUSAL_LM", num_virtual_tokens=3))
    check_same(model.train(), _BATCHES["padded"])


def test_an_output_layer_that_is_trained_learns_the_same() -> None:
    check_same(make_model(small_config("llama"), ["lm_head", "q_proj"]), _BATCHES["packed"])


@torch.no_grad()
def test_an_output_layer_that_reads_otherwise_is_left_as_it_is() -> None:
    """ProphetNet's is given states of several futures."""
    model: Any = AutoModelForCausalLM.from_config(small_config("prophetnet")).eval()
    batch = _BATCHES["padded"]
    torch.testing.assert_close(summed_loss(model, batch), full_loss(model, batch))
