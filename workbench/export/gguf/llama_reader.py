"""A model that llama.cpp reads from a GGUF file: how it splits words, and what it says to tokens."""

import ctypes
import os
from pathlib import Path
from typing import Any

import llama_cpp
import numpy as np
import torch
from numpy.typing import NDArray

from workbench.errors import RunError

AGAIN = "Nothing was kept. Export it again; if it fails again, take the merged model of the run instead."

_CONTEXT_TOKENS = 512
QUIET = llama_cpp.llama_log_callback(lambda level, text, _: None)


class LlamaReader:
    """Raises RunError for a file that llama.cpp does not take."""

    def __init__(self, file: Path) -> None:
        llama_cpp.llama_log_set(QUIET, ctypes.c_void_p(0))
        self._model: Any = llama_cpp.llama_model_load_from_file(os.fsencode(file), _model_settings())
        if not self._model:
            raise RunError(f"llama.cpp does not take {file.name}.", AGAIN)
        self._vocab = llama_cpp.llama_model_get_vocab(self._model)
        self._context: Any = llama_cpp.llama_init_from_model(self._model, _context_settings())

    def encode(self, text: str) -> list[int]:
        written = text.encode("utf-8")
        room = len(written) + 2  # no token is less than a byte; a text may get a beginning and an end
        tokens = (llama_cpp.llama_token * room)()
        count = llama_cpp.llama_tokenize(self._vocab, written, len(written), tokens, room, True, True)
        return list(tokens[: max(0, count)])

    def logits(self, tokens: list[int]) -> NDArray[np.float32]:
        """After each of them."""
        llama_cpp.llama_memory_clear(llama_cpp.llama_get_memory(self._context), True)
        batch = llama_cpp.llama_batch_init(len(tokens), 0, 1)
        batch.n_tokens = len(tokens)
        for place, token in enumerate(tokens):
            batch.token[place], batch.pos[place], batch.logits[place] = token, place, True
            batch.n_seq_id[place], batch.seq_id[place][0] = 1, 0
        failed = llama_cpp.llama_decode(self._context, batch)
        llama_cpp.llama_batch_free(batch)
        if failed:
            raise RunError("llama.cpp cannot compute with the GGUF file.", AGAIN)
        size = len(tokens), llama_cpp.llama_vocab_n_tokens(self._vocab)
        return np.ctypeslib.as_array(llama_cpp.llama_get_logits(self._context), size).copy()

    def close(self) -> None:
        llama_cpp.llama_free(self._context)
        llama_cpp.llama_model_free(self._model)


def _model_settings() -> Any:
    settings = llama_cpp.llama_model_default_params()
    settings.n_gpu_layers = 0
    # What is laid out anew for AMX ends the process on some processors.
    settings.use_extra_bufts = False
    return settings


def _context_settings() -> Any:
    settings = llama_cpp.llama_context_default_params()
    settings.n_ctx = settings.n_batch = settings.n_ubatch = _CONTEXT_TOKENS
    # Keys and values in 16 bits, and attention that sums in them, would be another rounding than that of the file.
    settings.flash_attn_type = llama_cpp.LLAMA_FLASH_ATTN_TYPE_DISABLED
    settings.type_k = settings.type_v = llama_cpp.GGML_TYPE_F32
    settings.n_threads = settings.n_threads_batch = torch.get_num_threads()
    return settings
