"""llama.cpp in this process: it reads GGUF files, and what it complains of is kept to be told."""

import ctypes
import os
import sys
import weakref
from pathlib import Path
from typing import Any

import llama_cpp

from workbench.errors import ModelError

_ERROR, _GOES_ON = 4, 5
"""Levels of its log, above which stands what it tells."""

_OTHER = "Choose another file, or export it again."


class Library:
    """There is one in a process: the log has one listener."""

    def __init__(self) -> None:
        self._complaints: list[str] = []
        # The library keeps no reference to it.
        self._listener: Any = llama_cpp.llama_log_callback(self._hear)
        llama_cpp.llama_log_set(self._listener, ctypes.c_void_p(0))
        llama_cpp.llama_backend_init()

    def read_model(self, path: Path) -> "Weights":
        """Raises ModelError for a file that llama.cpp does not take, or that writes no text."""
        settings = llama_cpp.llama_model_default_params()
        settings.n_gpu_layers = 0
        # Whole in memory: a file that is mapped ends the process when somebody makes it shorter.
        settings.load_mode = llama_cpp.LLAMA_LOAD_MODE_NONE
        # What is laid out anew for AMX ends the process on some processors.
        settings.use_extra_bufts = False
        self._complaints.clear()
        pointer = llama_cpp.llama_model_load_from_file(os.fsencode(path), settings)
        if not pointer:
            raise ModelError(f"llama.cpp cannot read {path.name}{self._reason()}.", _OTHER)
        weights = Weights(pointer)
        has_words = llama_cpp.llama_vocab_type(weights.vocab) != llama_cpp.LLAMA_VOCAB_TYPE_NONE
        if llama_cpp.llama_model_has_encoder(pointer) or not has_words:
            raise ModelError(f"{path.name} holds a model that does not write text.", "Choose another file.")
        return weights

    def read_lora(self, path: Path, weights: "Weights") -> Any:
        """It lives as long as the weights. Raises ModelError for a file that does not fit them."""
        self._complaints.clear()
        pointer = llama_cpp.llama_adapter_lora_init(weights.pointer, os.fsencode(path))
        if not pointer:
            raise ModelError(f"{path.name} does not fit this model{self._reason()}.", "Choose it with its own base.")
        return pointer

    def _hear(self, level: int, text: bytes, _: ctypes.c_void_p) -> None:
        if level == _ERROR:
            words = text.decode("utf-8", errors="replace").strip()
            self._complaints.append(words)
            sys.stderr.write(f"{words}\n")

    def _reason(self) -> str:
        """The first complaint, without the function that made it."""
        words = self._complaints[0].rpartition(": error loading model: ")[2] if self._complaints else ""
        return f": {words.rstrip('.')[:200]}" if words else ""


class Weights:
    """A model in memory, until nobody needs it any more."""

    def __init__(self, pointer: Any) -> None:
        self.pointer = pointer
        self.vocab = llama_cpp.llama_model_get_vocab(pointer)
        self.total_bytes = llama_cpp.llama_model_size(pointer)
        self.context_tokens = llama_cpp.llama_model_n_ctx_train(pointer)
        weakref.finalize(self, llama_cpp.llama_model_free, pointer)
