"""One copy of a base model with any number of adapters beside it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from peft import PeftModel

from workbench.chat.protocol import Question, Target
from workbench.errors import ModelError
from workbench.models.load import load_model, load_tokenizer

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase


class LoadedModel:
    """A base in memory. Its weights are there once, however many adapters answer."""

    def __init__(self, folder: str, precision: str, template: str) -> None:
        self.key = (folder, precision, template)
        self.tokenizer: PreTrainedTokenizerBase = load_tokenizer(Path(folder), template)
        device = "cuda" if torch.cuda.is_available() else "cpu"
        self._base: PreTrainedModel = load_model(Path(folder), precision, device).eval()
        self._adapted: PeftModel | None = None
        self._adapters: dict[tuple[str, int], str] = {}

    def serves(self, question: Question) -> bool:
        return self.key == (question.model, question.precision, question.template)

    @property
    def network(self) -> Any:
        """What computes: the base, wrapped once there are adapters."""
        return self._adapted or self._base

    def add(self, target: Target) -> None:
        """Load a target's adapter, unless this very version of it is there."""
        if target.adapter and _version(target) not in self._adapters:
            name = f"adapter-{len(self._adapters)}"
            self._load(target, name)
            self._adapters[_version(target)] = name

    @contextmanager
    def as_target(self, target: Target) -> Iterator[None]:
        """Within this, the network answers as `target`."""
        if self._adapted is None:
            yield
        elif target.adapter:
            self._adapted.set_adapter(self._adapters[_version(target)])
            yield
        else:
            with self._adapted.disable_adapter():
                yield

    def _load(self, target: Target, name: str) -> None:
        try:
            if self._adapted is None:
                self._adapted = PeftModel.from_pretrained(self._base, target.adapter, adapter_name=name).eval()
            else:
                self._adapted.load_adapter(target.adapter, adapter_name=name)
        except (OSError, ValueError, RuntimeError) as error:
            raise ModelError(f"The adapter of {target.name} does not fit this model.", "Train it again.") from error


def _version(target: Target) -> tuple[str, int]:
    """A run that went on after a stop has written its adapter anew."""
    return target.adapter, (Path(target.adapter) / "adapter_model.safetensors").stat().st_mtime_ns
