"""A run's LoRA alone as a GGUF file, which llama.cpp and Ollama put beside the GGUF file of its base."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from transformers import AutoConfig

from workbench.export.changes import adapted_layers
from workbench.export.gguf.families.table import family_of
from workbench.export.gguf.file import GgufFile
from workbench.export.gguf.modelfile import write_modelfile
from workbench.export.gguf.numbers import Form
from workbench.export.gguf.vocabulary.vocabulary import name_for
from workbench.export.tokenizer_folder import tokenizer_of
from workbench.jobs.transfer import Teller
from workbench.models.base_of import base_of
from workbench.models.tokenizer import SAFE
from workbench.runs.run_dir import RunDir

_NO_VOCABULARY = 0
_NAME = "default"
"""What PEFT calls the adapter that it reads."""


class GgufAdapter:
    """Of a run of LoRA. Raises ModelError or RunError for one that GGUF cannot hold."""

    def __init__(self, run: RunDir, numbers: str) -> None:
        self.run = run
        self._base = base_of(run)
        halves = _Halves(self._base, run.adapter_dir)
        self._tokenizer: Any = tokenizer_of(run, self._base)
        values = {
            "general.architecture": halves.family.architecture,
            "general.type": "adapter",
            "general.name": name_for(run.name, self._tokenizer),
            "adapter.type": "lora",
            "adapter.lora.alpha": halves.alpha,
        }
        forms = {name: Form.of(half.shape, numbers, _NO_VOCABULARY) for name, half in halves}
        self.file = GgufFile(f"{run.id}-lora-{numbers}.gguf", values, forms, halves)

    def write(self, folder: Path, teller: Teller) -> None:
        """Fill a folder; the teller hears of each tensor."""
        self.file.write(folder, teller)
        base = Path(self.run.config().model.path).name
        begins = (
            f"# Put the GGUF file of {base} beside this file as base.gguf, or name it here.",
            "# README.md says how to get one.",
            "FROM ./base.gguf",
            f"ADAPTER ./{self.file.name}",
        )
        write_modelfile(folder, begins, self._tokenizer, self.run.config().data.system_prompt)


class _Halves:
    """The two narrow matrices of each layer, so that all are strengthened by the one alpha that a file names."""

    def __init__(self, base: Path, folder: Path) -> None:
        self.family = family_of(base)
        self._config: Any = AutoConfig.from_pretrained(base, **SAFE)
        self._layers = adapted_layers(base, folder)
        first = next(iter(self._layers.values()))
        self.alpha = float(first.scaling[_NAME] * first.r[_NAME])

    def __iter__(self) -> Iterator[tuple[str, NDArray[np.float32]]]:
        for module, layer in self._layers.items():
            name = self.family.rename(f"{module}.weight")
            strength = layer.scaling[_NAME] * layer.r[_NAME] / self.alpha
            outputs = self.family.order(module, layer.lora_B[_NAME].weight.detach().float(), self._config)
            yield f"{name}.lora_a", layer.lora_A[_NAME].weight.detach().float().numpy()
            yield f"{name}.lora_b", (outputs * strength).contiguous().numpy()
