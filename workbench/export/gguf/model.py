"""A tuned model as one GGUF file."""

from pathlib import Path
from typing import Any

from workbench.export.changes import read_change
from workbench.export.gguf.file import write_file
from workbench.export.gguf.numbers import FILE_TYPES, Form
from workbench.export.gguf.tensors import GgufTensors
from workbench.export.gguf.vocabulary.vocabulary import describe_vocabulary, name_for
from workbench.jobs.transfer import Teller
from workbench.models.base_of import base_of
from workbench.models.tokenizer import load_tokenizer, saved_template
from workbench.runs.run_dir import RunDir

_FORMAT_VERSION = 2
"""Of the block formats."""


class GgufModel:
    """Of a run with a result. Raises ModelError or RunError where the two do not go together, or not into GGUF."""

    def __init__(self, run: RunDir, numbers: str) -> None:
        self.run = run
        self.numbers = numbers
        self.base = base_of(run)
        below = [run.merged_dir] if run.config().model.merged else []
        self.changes = [*below, run.adapter_dir]
        self.tokenizer: Any = load_tokenizer(self.base, run.config().data.template, saved_template(run.adapter_dir))
        self.tensors = GgufTensors(self.base, [read_change(self.base, folder) for folder in self.changes])
        rows = self.tensors.config.vocab_size
        self.values = self._describe() | describe_vocabulary(self.tokenizer, rows)
        self.forms = {name: Form.of(shape, numbers, rows) for name, shape in self.tensors.shapes.items()}

    @property
    def file_name(self) -> str:
        return f"{self.run.id}-{self.numbers}.gguf"

    @property
    def total_bytes(self) -> int:
        return sum(form.size_bytes for form in self.forms.values())

    def write(self, folder: Path, teller: Teller) -> None:
        """Fill a folder; the teller hears of each tensor."""
        write_file(folder / self.file_name, self.values, self.tensors, self.forms, teller)

    def _describe(self) -> dict[str, Any]:
        family = self.tensors.family
        own = {f"{family.architecture}.{key}": value for key, value in family.describe(self.tensors.config).items()}
        return {
            "general.architecture": family.architecture,
            "general.type": "model",
            "general.name": name_for(self.run.name, self.tokenizer),
            "general.file_type": int(FILE_TYPES[self.numbers]),
            "general.quantization_version": _FORMAT_VERSION,
            **own,
        }
