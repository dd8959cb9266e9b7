"""How each target is made, and checked: what the worker does for one. Loads torch."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import cast

from workbench.export.adapter_folder import AdapterFolder
from workbench.export.gguf.adapter import GgufAdapter
from workbench.export.gguf.model import GgufModel
from workbench.export.gguf.verify import verify as verify_gguf
from workbench.export.merged_model import MergedModel
from workbench.export.run_folder import RunFolder
from workbench.export.targets import DType
from workbench.export.verify import verify, verify_adapter
from workbench.jobs.transfer import Teller
from workbench.runs.run_dir import RunDir


@dataclass(frozen=True)
class Making:
    total_bytes: int
    """Of what the teller of `write` will hear."""
    write: Callable[[Path, Teller], None]
    """Fills an empty folder."""
    verify: Callable[[Path], None]
    """Reads the folder again. Raises RunError if it is not what it should be."""


def _adapter(run: RunDir, _: str) -> Making:
    adapter = AdapterFolder(run)
    return Making(adapter.total_bytes, adapter.write, partial(verify_adapter, adapter))


def _merged(run: RunDir, numbers: str) -> Making:
    model = MergedModel(run, cast(DType, numbers))
    return Making(model.weight_bytes, model.write, partial(verify, model))


def _gguf(run: RunDir, numbers: str) -> Making:
    model = GgufModel(run, numbers)

    def check(folder: Path) -> None:
        verify_gguf(model.file, folder)
        if find_spec("llama_cpp"):
            from workbench.export.gguf.llama import try_in_llama

            try_in_llama(model, folder)

    return Making(model.file.total_bytes, model.write, check)


def _gguf_lora(run: RunDir, numbers: str) -> Making:
    adapter = GgufAdapter(run, numbers)
    return Making(adapter.file.total_bytes, adapter.write, partial(verify_gguf, adapter.file))


def _run(run: RunDir, _: str) -> Making:
    whole = RunFolder(run)
    return Making(whole.total_bytes, whole.write, whole.verify)


MAKINGS: dict[str, Callable[[RunDir, str], Making]] = {
    "adapter": _adapter,
    "merged": _merged,
    "gguf": _gguf,
    "gguf-lora": _gguf_lora,
    "run": _run,
}
"""By the names of `targets.TARGETS`. Each raises RunError or ModelError where run and model do not go together."""
