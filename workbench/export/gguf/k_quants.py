"""K-quants, the number formats that only llama.cpp makes: of a GGUF file with whole numbers it writes another."""

import ctypes
import os
from pathlib import Path

import llama_cpp
import torch

from workbench.errors import RunError
from workbench.export.gguf.llama_reader import AGAIN, QUIET
from workbench.export.gguf.numbers import FILE_TYPES


def write_k_quants(source: Path, out: Path, numbers: str) -> None:
    """Raises RunError where llama.cpp cannot."""
    llama_cpp.llama_log_set(QUIET, ctypes.c_void_p(0))
    settings = llama_cpp.llama_model_quantize_default_params()
    settings.ftype = int(FILE_TYPES[numbers])
    settings.nthread = torch.get_num_threads()
    if llama_cpp.llama_model_quantize(os.fsencode(source), os.fsencode(out), ctypes.byref(settings)):
        raise RunError(f"llama.cpp could not write {out.name}.", AGAIN)
