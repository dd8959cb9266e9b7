"""A model folder of its own, with what a run learned in its weights: stock tools read it like any other model."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from torch import Tensor

from workbench.export.changes import read_change
from workbench.export.merged_tensors import MergedTensors
from workbench.export.shards import write_shards
from workbench.export.targets import DType
from workbench.export.tokenizer_folder import tokenizer_of, write_settings, write_tokenizer
from workbench.jobs.files import read_json
from workbench.jobs.transfer import Teller
from workbench.models.base_of import base_of
from workbench.models.ends import end_ids
from workbench.models.load import DTYPES
from workbench.runs.run_dir import RunDir

_NAMES = {"fp32": "float32", "bf16": "bfloat16", "fp16": "float16"}
_GENERATION = "generation_config.json"
_OF_THE_FOLDER = ("quantization_config", "torch_dtype")
"""In a config: what was so of the files that the model was read from."""


class MergedModel:
    """Of a run with a result. Raises ModelError or RunError where model and result do not go together."""

    def __init__(self, run: RunDir, dtype: DType) -> None:
        self.run = run
        self.base = base_of(run)
        self.dtype = dtype
        below = [run.merged_dir] if run.config().model.merged else []
        self.changes = [*below, run.adapter_dir]
        self._tensors = MergedTensors(self.base, [read_change(self.base, folder) for folder in self.changes])

    @property
    def weight_bytes(self) -> int:
        return self._tensors.elements * DTYPES[self.dtype].itemsize

    def write(self, folder: Path, teller: Teller) -> None:
        """Fill a folder; the teller hears of each tensor."""
        write_shards(folder, self._told(teller), self._tensors.shapes, DTYPES[self.dtype])
        write_settings(folder / "config.json", self._config())
        write_settings(folder / _GENERATION, self._generation())
        write_tokenizer(self.run, self.base, folder)

    def _told(self, teller: Teller) -> Iterator[tuple[str, Tensor]]:
        for name, tensor in self._tensors:
            yield name, tensor
            teller.add(tensor.numel() * DTYPES[self.dtype].itemsize)

    def _config(self) -> dict[str, Any]:
        given = json.loads((self.base / "config.json").read_text(encoding="utf-8"))
        kept = {name: value for name, value in given.items() if name not in _OF_THE_FOLDER}
        return kept | {"dtype": _NAMES[self.dtype]}

    def _generation(self) -> dict[str, Any]:
        """How the base generates, with an end where the chat template that was trained with ends an answer."""
        given = read_json(self.base / _GENERATION)
        config = read_json(self.base / "config.json")
        marks = {name: config[name] for name in ("bos_token_id", "pad_token_id") if config.get(name) is not None}
        ends = end_ids(self.base, tokenizer_of(self.run, self.base))
        return (given or marks) | ({"eos_token_id": sorted(ends)} if ends else {})
