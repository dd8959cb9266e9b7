"""A written GGUF file in llama.cpp itself, where that is installed: it must split words and answer as the model."""

from contextlib import closing
from pathlib import Path

import torch

from workbench.errors import RunError
from workbench.export.gguf.llama_reader import AGAIN, LlamaReader
from workbench.export.gguf.model import GgufModel
from workbench.export.verify import PROBES, WORDS, due_logits, rendered

_TOLERANCES = {
    **{"F32": 0.005, "F16": 0.02, "BF16": 0.1, "Q8_0": 0.25},
    **{"Q6_K": 0.5, "Q5_K_M": 1.0, "Q5_1": 1.0, "Q5_0": 1.0, "Q4_K_M": 2.0, "Q4_1": 2.0, "Q4_0": 2.0},
}
"""By how much the logits of a probe may differ at most, as a share of their spread. In few bits the largest difference
among all tokens only tells a model that was rounded from one that was broken."""


def try_in_llama(model: GgufModel, folder: Path) -> None:
    """Raises RunError for the first thing that is not alike."""
    due = due_logits(model)
    with closing(LlamaReader(folder / model.file.name)) as reader:
        for text in (*PROBES, WORDS, rendered(model.tokenizer)):
            if reader.encode(text) != model.tokenizer.encode(text):
                raise RunError(f"llama.cpp splits “{_first_line(text)}” otherwise than the tokenizer does.", AGAIN)
        for probe, wanted in zip(PROBES, due, strict=True):
            found = torch.from_numpy(reader.logits(model.tokenizer.encode(probe)))
            error = float((found - wanted).abs().max() / wanted.std())
            if not error <= _TOLERANCES[model.numbers]:
                raise RunError(f"llama.cpp answers “{_first_line(probe)}” otherwise (by {error:.1e}).", AGAIN)


def _first_line(text: str) -> str:
    return text.strip().split("\n")[0]
