"""Whether a written model is what was to be written: it answers, splits words and renders conversations alike."""

from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from workbench.errors import RunError
from workbench.export.merged_model import MergedModel
from workbench.methods.changed_weights import WEIGHTS, is_changed_weights
from workbench.methods.merging import merge
from workbench.models.load import load_model
from workbench.models.tokenizer import load_tokenizer

_PROBES = ("Hello! How are you?", "The capital of France is", "def add(a, b):\n    return", "1, 2, 3,")
_WORDS = "Naïve café, 東京, Ω ≈ 3.14;\tline\n\n  two — “quoted” it's 12,345 🙂"
_TALK = [
    {"role": "user", "content": "Hello!"},
    {"role": "assistant", "content": "Hi."},
    {"role": "user", "content": "?"},
]
_TOLERANCES = {"fp32": 1e-5, "fp16": 5e-3, "bf16": 5e-2}
"""By how much the logits of a probe may differ at most, as a share of their spread: weights are rounded."""

_AGAIN = "Nothing was kept. Export it again; if it fails again, take the adapter of the run instead."


def verify(model: MergedModel, folder: Path) -> None:
    """Raises RunError for the first thing that is not alike."""
    _check_text(model, folder)
    for probe, due, found in zip(_PROBES, _due(model), _logits(load_model(folder, "fp32", "cpu"), folder), strict=True):
        error = float((found - due).abs().max() / due.std())
        if not error <= _TOLERANCES[model.dtype]:
            sentence = f"Read again, the merged model answers “{probe.split(chr(10))[0]}” otherwise (by {error:.1e})."
            raise RunError(sentence, _AGAIN)


def _check_text(model: MergedModel, folder: Path) -> None:
    due, found = load_tokenizer(model.base, model.run.config().data.template), load_tokenizer(folder)
    if due.encode(_WORDS) != found.encode(_WORDS):
        raise RunError("Read again, the tokenizer splits words otherwise.", _AGAIN)
    if _rendered(due) != _rendered(found):
        raise RunError("Read again, the chat template renders a conversation otherwise.", _AGAIN)


def _rendered(tokenizer: Any) -> str:
    return str(tokenizer.apply_chat_template(_TALK, tokenize=False, add_generation_prompt=True))


def _due(model: MergedModel) -> list[Tensor]:
    """Of the model with what was learned beside it, as PEFT puts it there."""
    network = load_model(model.base, "fp32", "cpu")
    for folder in model.changes[:-1]:
        merge(network, folder)
    return _logits(_with_result(network, model.changes[-1]), model.base)


def _with_result(network: Any, folder: Path) -> Any:
    if is_changed_weights(folder):
        from safetensors.torch import load_file

        network.load_state_dict(load_file(folder / WEIGHTS), strict=False)
        return network
    from peft import PeftModel

    return PeftModel.from_pretrained(network, str(folder)).eval()


def _logits(network: Any, folder: Path) -> list[Tensor]:
    tokenizer = load_tokenizer(folder)
    with torch.inference_mode():
        return [network(torch.tensor([tokenizer.encode(probe)])).logits.float() for probe in _PROBES]
