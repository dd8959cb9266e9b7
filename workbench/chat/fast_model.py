"""A base model on the fast path, with LoRA adapters beside it; neither transformers' models nor PEFT are loaded."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, cast

import torch

from workbench.chat.loaded_adapters import LoadedAdapters
from workbench.chat.protocol import Question, Target
from workbench.chat.tokenizers import Tokenizers
from workbench.config.sampling import Sampling
from workbench.data.rendering.rows import Row
from workbench.engine.choice import choose_kernels
from workbench.engine.quantizing import Quantizer
from workbench.engine.reading import GrowingText, ReadingModel
from workbench.engine.shape_reading import read_shape
from workbench.engine.weight_reading import read_weights
from workbench.errors import ModelError
from workbench.models.decode import Decoding
from workbench.models.ends import end_ids
from workbench.models.quantization import Quantization

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

_HINT = "The standard path takes it."
_ONE_BY_ONE = "Without kernels in C, the fast path writes a token of one answer at a time."
_DTYPES = {"fp32": torch.float32, "bf16": torch.bfloat16}


class FastModel:
    """See `models.LoadedModel`. The weights are there once, and never changed."""

    def __init__(self, question: Question, kernels_folder: Path) -> None:
        """Raises ModelError for a model or results that the fast path does not cover."""
        self._asked = question.base
        self._folder = folder = Path(question.model)
        self._shape = read_shape(folder)
        self._tokenizers = Tokenizers(folder)
        self._adapters = LoadedAdapters(self._shape)
        self.prepare(question.targets)
        # Compiled with the first question on a machine, meanwhile.
        with ThreadPoolExecutor(1) as aside:
            choosing = aside.submit(choose_kernels, kernels_folder)
            self.tokenizer_for(question.targets[0])
            kernels = choosing.result()
        quantization = Quantization(*question.held)
        if quantization.is_on and not kernels.tokens:
            raise ModelError("Without kernels in C, compressed weights are read slowly on the fast path.", _HINT)
        quantizer = Quantizer(quantization, kernels.products) if quantization.is_on else None
        weights = read_weights(folder, self._shape, _DTYPES[question.precision], quantizer)
        self._model = ReadingModel(weights, kernels)

    def serves(self, question: Question) -> bool:
        if self._asked != question.base or any(target.merged for target in question.targets):
            return False
        try:
            self.prepare(question.targets)
        except ModelError:
            return False
        return True

    def prepare(self, targets: tuple[Target, ...]) -> None:
        self._adapters.prepare(targets)

    def tokenizer_for(self, target: Target) -> "PreTrainedTokenizerBase":
        return self._tokenizers.of(target)

    def decode(self, target: Target, prompt_ids: list[int], sampling: Sampling) -> Decoding:
        ends = end_ids(self._folder, self.tokenizer_for(target))
        return Decoding(self._open(target), prompt_ids, sampling, ends)

    def alone(self, target: Target) -> str:
        return "" if self._model.tokens else _ONE_BY_ONE

    def read(self, answers: Sequence[Decoding]) -> list[torch.Tensor]:
        texts = {cast(GrowingText, answer.reader): answer.ids for answer in answers}
        near_end = {text: ids for text, ids in texts.items() if len(ids) == text.read_tokens + 1}
        together = self._model.read_together(list(near_end), list(near_end.values()))
        logits = dict(zip(near_end, together, strict=True))
        return [logits[text] if text in logits else text.read(ids) for text, ids in texts.items()]

    def loss(self, target: Target, row: Row) -> float:
        return self._open(target).loss(row)

    def _open(self, target: Target) -> GrowingText:
        return self._model.open(self._adapters.of(target), target.strength)
