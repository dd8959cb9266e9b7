"""One text that llama.cpp reads: what it remembers of it, and the LoRA file that has a part in it."""

import ctypes
import weakref
from collections.abc import Sequence
from typing import Any

import llama_cpp
import numpy as np
import torch

from workbench.chat.gguf.library import Weights
from workbench.errors import ModelError
from workbench.models.decode import PIECE_TOKENS


class GgufText:
    """See `models.decode.Reader`."""

    def __init__(self, weights: Weights, most_tokens: int, threads: int) -> None:
        """Raises MemoryError where there is no room for so many tokens."""
        self.read_tokens = 0
        self.context_tokens = float(weights.context_tokens)
        self._weights = weights
        self._context = llama_cpp.llama_init_from_model(weights.pointer, _settings(most_tokens, threads))
        if not self._context:
            raise MemoryError(f"llama.cpp cannot allocate memory for {most_tokens:,} tokens.")
        weakref.finalize(self, llama_cpp.llama_free, self._context)

    def add(self, lora: Any, strength: float) -> None:
        """Let a LoRA file have a part in what is read from now on."""
        loras = (llama_cpp.llama_adapter_lora_p_ctypes * 1)(lora)
        strengths = (ctypes.c_float * 1)(strength)
        if llama_cpp.llama_set_adapters_lora(self._context, loras, 1, strengths):
            raise ModelError("llama.cpp does not take this LoRA file.", "Choose another.")

    def read(self, text_ids: Sequence[int]) -> torch.Tensor:
        piece = text_ids[self.read_tokens : self.read_tokens + PIECE_TOKENS]
        tokens = (llama_cpp.llama_token * len(piece))(*piece)
        failure = llama_cpp.llama_decode(self._context, llama_cpp.llama_batch_get_one(tokens, len(piece)))
        logits = llama_cpp.llama_get_logits_ith(self._context, -1) if not failure else None
        if not logits:
            raise ModelError(f"llama.cpp cannot read on with this model ({failure}).", "Choose another file.")
        self.read_tokens += len(piece)
        count = llama_cpp.llama_vocab_n_tokens(self._weights.vocab)
        return torch.from_numpy(np.ctypeslib.as_array(logits, (count,)).copy())


def _settings(most_tokens: int, threads: int) -> Any:
    settings = llama_cpp.llama_context_default_params()
    settings.n_ctx = most_tokens
    settings.n_batch = settings.n_ubatch = PIECE_TOKENS
    settings.n_threads = settings.n_threads_batch = threads
    settings.offload_kqv = settings.op_offload = False
    settings.no_perf = True
    return settings
