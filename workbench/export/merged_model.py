"""A model folder of its own, with what a run learned in its weights: stock tools read it like any other model."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from torch import Tensor

from workbench.export.changes import read_change
from workbench.export.merged_tensors import MergedTensors
from workbench.export.shards import write_shards
from workbench.export.targets import DType
from workbench.jobs.transfer import Teller
from workbench.models.base_of import base_of
from workbench.models.load import DTYPES
from workbench.models.tokenizer import load_tokenizer
from workbench.runs.run_dir import RunDir

_NAMES = {"fp32": "float32", "bf16": "bfloat16", "fp16": "float16"}
_KEPT_AS_IT_IS = ("generation_config.json",)
_OF_THE_FOLDER = ("_name_or_path", "quantization_config", "torch_dtype", "auto_map")
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
        (folder / "config.json").write_text(json.dumps(self._config(), indent=2) + "\n", encoding="utf-8")
        load_tokenizer(self.base, self.run.config().data.template).save_pretrained(str(folder))
        for name in _KEPT_AS_IT_IS:
            if (self.base / name).is_file():
                shutil.copyfile(self.base / name, folder / name)

    def _told(self, teller: Teller) -> Iterator[tuple[str, Tensor]]:
        for name, tensor in self._tensors:
            yield name, tensor
            teller.add(tensor.numel() * DTYPES[self.dtype].itemsize)

    def _config(self) -> dict[str, Any]:
        given = json.loads((self.base / "config.json").read_text(encoding="utf-8"))
        kept = {name: value for name, value in given.items() if name not in _OF_THE_FOLDER}
        return kept | {"dtype": _NAMES[self.dtype]}
