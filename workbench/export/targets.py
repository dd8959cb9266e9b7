"""The forms in which what a run learned can be taken away: one row each. No torch."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Literal

from workbench.errors import RunError
from workbench.export.gguf.families.table import family_of
from workbench.export.gguf.plain_lora import check_plain_lora
from workbench.memory.exports import GGUF_NUMBERS, K_NUMBERS, K_SOURCE, gguf_bytes
from workbench.memory.standard import BYTES
from workbench.methods.changed_weights import is_changed_weights
from workbench.methods.merging import MERGEABLE
from workbench.methods.table import METHODS
from workbench.models.base_of import base_of
from workbench.models.facts import facts
from workbench.runs.disk import total_bytes
from workbench.runs.run_dir import RunDir

DType = Literal["fp32", "bf16", "fp16"]

TAKEN_IN = ("lora", "loha", "lokr", "oft", "ia3", "prefix_tuning", "p_tuning", "prompt_tuning")
"""Methods whose adapters an import can check; of all that change weights it can as well."""

_GGUF_OFFERED = (*GGUF_NUMBERS, *(K_NUMBERS if find_spec("llama_cpp") else ()))
"""K-quants where there is what makes them."""

_INSTEAD = "Take the adapter of the run instead."


@dataclass(frozen=True)
class Target:
    label: str
    numbers: tuple[str, ...]
    """The number formats to choose from, the usual one first; none where there is nothing to choose."""
    check: Callable[[RunDir], None]
    """Raises RunError for a run that cannot be taken away so."""
    size_bytes: Callable[[RunDir, str], int]
    """Of all that is written, about, with one of the number formats."""
    aside_bytes: Callable[[RunDir, str], int] = lambda *_: 0
    """Of what stands beside it while it is written."""

    def room_bytes(self, run: RunDir, numbers: str, *, zipped: bool) -> int:
        """What the disk must have room for. A zip file is packed beside the folder, when that is complete."""
        size = self.size_bytes(run, numbers)
        return size + max(self.aside_bytes(run, numbers), size if zipped else 0)


def _check_mergeable(run: RunDir) -> None:
    if is_changed_weights(run.adapter_dir):
        return
    settings = run.config().method
    if settings.name not in MERGEABLE:
        sentence = f"What {METHODS[settings.name].label} adds cannot become part of the weights of a model."
        raise RunError(sentence, _INSTEAD)
    if whole := getattr(settings, "modules_to_save", ""):
        sentence = f"The adapter of {run.name} holds {whole} as a whole, which cannot be merged."
        raise RunError(sentence, _INSTEAD)


def _merged_bytes(run: RunDir, dtype: str) -> int:
    return facts(base_of(run)).parameters * BYTES[dtype] + _beside_bytes(run)


def _check_gguf(run: RunDir) -> None:
    _check_mergeable(run)
    family_of(base_of(run))


def _gguf_bytes(run: RunDir, numbers: str) -> int:
    return int(gguf_bytes(facts(base_of(run)), numbers))


def _gguf_aside_bytes(run: RunDir, numbers: str) -> int:
    return _gguf_bytes(run, K_SOURCE) if numbers in K_NUMBERS else 0


def _gguf_lora_bytes(run: RunDir, numbers: str) -> int:
    """An adapter is kept in 32 bits."""
    return total_bytes(run.adapter_dir) // (1 if numbers == "F32" else 2)


def _adapter_bytes(run: RunDir, _: str) -> int:
    return total_bytes(run.adapter_dir) + _beside_bytes(run)


def _beside_bytes(run: RunDir) -> int:
    """Of what goes with it of its model besides weights: the tokenizer above all."""
    return sum(path.stat().st_size for path in base_of(run).glob("*.json"))


def _check_base(run: RunDir) -> None:
    """Beside its model it is checked; any run with a result can be taken away so."""
    base_of(run)


def _check_movable(run: RunDir) -> None:
    settings = run.config()
    method = settings.method.name
    if settings.model.merged:
        sentence = f"{run.name} stands on another run, which was merged into its model first."
        raise RunError(sentence, "Take its merged model instead.")
    if method not in TAKEN_IN and not is_changed_weights(run.adapter_dir):
        raise RunError(f"A run of {METHODS[method].label} is not taken in by another workbench.", _INSTEAD)


def _run_bytes(run: RunDir, _: str) -> int:
    metrics = run.metrics_path
    return total_bytes(run.adapter_dir) + (metrics.stat().st_size if metrics.exists() else 0)


TARGETS = {
    "adapter": Target("Adapter", (), _check_base, _adapter_bytes),
    "merged": Target("Merged model", ("bf16", "fp16", "fp32"), _check_mergeable, _merged_bytes),
    "gguf": Target("GGUF model", _GGUF_OFFERED, _check_gguf, _gguf_bytes, _gguf_aside_bytes),
    "gguf-lora": Target("GGUF LoRA", ("F16", "F32"), check_plain_lora, _gguf_lora_bytes),
    "run": Target("Run", (), _check_movable, _run_bytes),
}
