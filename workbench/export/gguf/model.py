"""A tuned model as one GGUF file."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from workbench.export.changes import read_change
from workbench.export.gguf.file import GgufFile
from workbench.export.gguf.modelfile import write_modelfile
from workbench.export.gguf.numbers import FILE_TYPES, Form
from workbench.export.gguf.tensors import GgufTensors
from workbench.export.gguf.vocabulary.vocabulary import describe_vocabulary, name_for
from workbench.export.tokenizer_folder import tokenizer_of
from workbench.jobs.transfer import Teller
from workbench.memory.exports import K_NUMBERS, K_SOURCE
from workbench.models.base_of import base_of
from workbench.runs.run_dir import RunDir

_FORMAT_VERSION = 2
"""Of the block formats."""


class GgufModel:
    """Of a run with a result. Raises ModelError or RunError where the two do not go together, or not into GGUF."""

    def __init__(self, run: RunDir, numbers: str) -> None:
        self.run = run
        self.numbers = numbers
        self.base = base_of(run)
        self.changes = [*([run.merged_dir] if run.config().model.merged else []), run.adapter_dir]
        self.tokenizer: Any = tokenizer_of(run, self.base)
        tensors = GgufTensors(self.base, [read_change(self.base, folder) for folder in self.changes])
        rows = tensors.config.vocab_size
        whole = K_SOURCE if numbers in K_NUMBERS else numbers
        general = {
            "general.architecture": tensors.family.architecture,
            "general.type": "model",
            "general.name": name_for(run.name, self.tokenizer),
            "general.file_type": int(FILE_TYPES[numbers]),
            "general.quantization_version": _FORMAT_VERSION,
        }
        self.file = GgufFile(
            name=f"{run.id}-{numbers}.gguf",
            values=general | tensors.describe() | describe_vocabulary(self.tokenizer, rows),
            forms={name: Form.of(shape, whole, rows) for name, shape in tensors.shapes.items()},
            tensors=tensors,
            remade=numbers in K_NUMBERS,
        )

    def write(self, folder: Path, teller: Teller) -> None:
        """Fill a folder; the teller hears of each tensor."""
        if self.file.remade:
            self._write_k_quants(folder, teller)
        else:
            self.file.write(folder, teller)
        system = self.run.config().data.system_prompt
        write_modelfile(folder, (f"FROM ./{self.file.name}",), self.tokenizer, system)

    def _write_k_quants(self, folder: Path, teller: Teller) -> None:
        from workbench.export.gguf.k_quants import write_k_quants

        whole = replace(self.file, name="whole.gguf")
        whole.write(folder, teller)
        write_k_quants(folder / whole.name, folder / self.file.name, self.numbers)
        (folder / whole.name).unlink()
