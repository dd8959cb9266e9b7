"""A GGUF file that answers, alone and with LoRA files beside it, each at a strength of its own."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import torch

from workbench.chat.gguf.header import read_header
from workbench.chat.gguf.library import Library
from workbench.chat.gguf.text import GgufText
from workbench.chat.gguf.tokens import GgufTokenizer
from workbench.chat.protocol import Question, Target, check_there
from workbench.config.sampling import Sampling
from workbench.errors import ModelError
from workbench.hardware.devices import free_memory_bytes, machine
from workbench.models.decode import Decoding
from workbench.models.templates import end_of_turn_ids

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

_BYTES_A_THREAD = 50_000_000
"""Below that, threads that wait for one another at each product take longer than one alone, most so beside others."""


class GgufModel:
    """See `models.LoadedModel`. It is read by llama.cpp, on the processor."""

    def __init__(self, question: Question, library: Library) -> None:
        """Raises ModelError for a file that is no model, or that llama.cpp does not take."""
        self._library = library
        self._file, self._written = question.model, _written(question.model)
        read_header(Path(question.model))  # stricter than llama.cpp, which ends its process at some damage
        _check_room(Path(question.model))
        self._weights = library.read_model(Path(question.model))
        # What answering asks of a tokenizer, this one has.
        self._tokenizer = cast("PreTrainedTokenizerBase", GgufTokenizer(self._weights))
        self._ends = end_of_turn_ids(self._tokenizer) | cast(GgufTokenizer, self._tokenizer).end_ids
        self._threads = max(1, min(machine().cores, self._weights.total_bytes // _BYTES_A_THREAD))
        self._loras: dict[str, tuple[int, Any]] = {}

    def serves(self, question: Question) -> bool:
        return question.model == self._file and _written(self._file) == self._written

    def prepare(self, targets: tuple[Target, ...]) -> None:
        check_there(targets)
        for file in {target.adapter for target in targets if target.adapter}:
            written = _written(file)
            if self._loras.get(file, (0, None))[0] != written:
                read_header(Path(file))
                self._loras[file] = written, self._library.read_lora(Path(file), self._weights)

    def tokenizer_for(self, target: Target) -> "PreTrainedTokenizerBase":
        return self._tokenizer

    def decode(self, target: Target, prompt_ids: list[int], sampling: Sampling) -> Decoding:
        most_tokens = min(len(prompt_ids) + sampling.max_new_tokens, self._weights.context_tokens)
        text = GgufText(self._weights, most_tokens, self._threads)
        if target.adapter and target.strength:
            text.add(self._loras[target.adapter][1], target.strength)
        return Decoding(text, prompt_ids, sampling, self._ends)

    def alone(self, target: Target) -> str:
        return ""

    def read(self, answers: Sequence[Decoding]) -> list[torch.Tensor]:
        return [answer.reader.read(answer.ids) for answer in answers]


def _check_room(file: Path) -> None:
    """Raises ModelError for a file that memory does not hold."""
    needed_gb, free_gb = file.stat().st_size / 1e9, free_memory_bytes() / 1e9
    if needed_gb > free_gb:
        message = f"{file.name} takes {needed_gb:.1f} GB of memory, and {free_gb:.1f} GB are free."
        raise ModelError(message, "Close other programs, or choose a smaller file.")


def _written(file: str) -> int:
    """When: a file that was exported anew is another."""
    return Path(file).stat().st_mtime_ns
