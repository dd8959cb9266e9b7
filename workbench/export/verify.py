"""Whether what was written is what was to be written: it answers, splits words and renders conversations alike."""

import gc
from pathlib import Path
from typing import Any, Protocol

import torch
from safetensors.torch import load_file
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence

from workbench.errors import RunError
from workbench.export.adapter_folder import AdapterFolder
from workbench.export.changes import read_change
from workbench.export.lean_model import LeanModel
from workbench.export.merged_model import MergedModel
from workbench.export.record.usage import BENEATH
from workbench.export.tokenizer_folder import tokenizer_of
from workbench.methods.changed_weights import WEIGHTS, is_changed_weights
from workbench.models.load import load_model
from workbench.models.quantization import Quantization
from workbench.models.tokenizer import load_tokenizer

PROBES = ("Hello! How are you?", "The capital of France is", "def add(a, b):\n    return", "1, 2, 3,")
WORDS = "Naïve café, 東京, Ω ≈ 3.14;\tline\n\n  two — “quoted” it's 12,345 🙂"
_TALK = [
    {"role": "user", "content": "Hello!"},
    {"role": "assistant", "content": "Hi."},
    {"role": "user", "content": "?"},
]
_TOLERANCES = {"fp32": 1e-5, "fp16": 5e-3, "bf16": 5e-2}
"""By how much the logits of a probe may differ at most, as a share of their spread: weights are rounded."""

_SAME = 1e-3
"""The same where nothing was rounded."""

_AGAIN = "Nothing was kept. Export it again; if it fails again, take the adapter of the run instead."


class Tuned(Protocol):
    @property
    def base(self) -> Path: ...

    @property
    def changes(self) -> list[Path]:
        """The folders of what was learned, one on top of the other."""


def verify(model: MergedModel, folder: Path) -> None:
    """A model folder, beside its base with what was learned. Raises RunError for the first thing that is not alike."""
    _check_text(tokenizer_of(model.run, model.base), folder)
    due = due_logits(model)
    gc.collect()  # a model refers to itself, and would stay beside the other
    found = _logits(LeanModel(folder).open(), folder)
    _compare("the merged model", due, found, _TOLERANCES[model.dtype])


def verify_adapter(adapter: AdapterFolder, folder: Path) -> None:
    """The same of what stands beside a model: put onto it as stock PEFT does, in few bits if the run had it so."""
    _check_text(tokenizer_of(adapter.run, adapter.base), folder)
    due = _logits_beside(adapter, adapter.run.adapter_dir, adapter.run.merged_dir)
    gc.collect()
    found = _logits_beside(adapter, folder, folder / BENEATH)
    _compare("the adapter", due, found, _SAME)


def due_logits(model: Tuned) -> list[Tensor]:
    """Of the probes, by the model with what was learned beside it, as PEFT puts it there."""
    *beneath, result = model.changes
    return _lean_logits(model.base, beneath, result)


def stand_beside(model: LeanModel, folder: Path) -> Any:
    """The network with what was learned, open."""
    if is_changed_weights(folder):
        model.replace(load_file(folder / WEIGHTS))
        return model.open()
    tuned = _with_adapter(model.network, folder)
    model.open()
    return tuned


def rendered(tokenizer: Any) -> str:
    """Nothing by a model that only continues text."""
    if not tokenizer.chat_template:
        return ""
    return str(tokenizer.apply_chat_template(_TALK, tokenize=False, add_generation_prompt=True))


def _compare(what: str, due: list[Tensor], found: list[Tensor], tolerance: float) -> None:
    for probe, wanted, given in zip(PROBES, due, found, strict=True):
        error = float((given - wanted).abs().max() / wanted.std())
        if not error <= tolerance:
            sentence = f"Read again, {what} answers “{probe.split(chr(10))[0]}” otherwise (by {error:.1e})."
            raise RunError(sentence, _AGAIN)


def _check_text(due: Any, folder: Path) -> None:
    found = load_tokenizer(folder)
    if due.encode(WORDS) != found.encode(WORDS):
        raise RunError("Read again, the tokenizer splits words otherwise.", _AGAIN)
    if rendered(due) != rendered(found):
        raise RunError("Read again, the chat template renders a conversation otherwise.", _AGAIN)


def _logits_beside(adapter: AdapterFolder, folder: Path, beneath: Path) -> list[Tensor]:
    settings = adapter.config.model
    quantization = Quantization.of(settings)
    if not quantization.is_on:
        return _lean_logits(adapter.base, [beneath] if settings.merged else [], folder)
    network = load_model(adapter.base, settings.precision, "cpu", quantization)
    if is_changed_weights(folder):
        network.load_state_dict(load_file(folder / WEIGHTS), strict=False)
        return _logits(network, adapter.base)
    return _logits(_with_adapter(network, folder), adapter.base)


def _lean_logits(base: Path, beneath: list[Path], result: Path) -> list[Tensor]:
    model = LeanModel(base)
    for folder in beneath:
        model.put_beneath(read_change(base, folder))
    return _logits(stand_beside(model, result), base)


def _with_adapter(network: Any, folder: Path) -> Any:
    from peft import PeftModel

    if (folder / "adapter_config.json").is_file():
        return PeftModel.from_pretrained(network, str(folder)).eval()
    parts = [path.parent for path in sorted(folder.glob("*/adapter_config.json")) if path.parent.name != BENEATH]
    return [PeftModel.from_pretrained(network, str(part)) for part in parts][-1].eval()


def _logits(network: Any, folder: Path) -> list[Tensor]:
    """Of each probe alone. They are read side by side: what stands behind a text makes no difference to it."""
    tokenizer = load_tokenizer(folder)
    rows = [torch.tensor(tokenizer.encode(probe)) for probe in PROBES]
    with torch.no_grad():
        found = network(pad_sequence(rows, batch_first=True)).logits.float()
    return [logits[: len(row)] for row, logits in zip(rows, found, strict=True)]
