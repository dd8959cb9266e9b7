"""Which runs have an adapter that a GGUF file can hold: a LoRA and nothing else. No torch."""

from collections.abc import Iterable

from workbench.errors import RunError
from workbench.export.gguf.families.table import family_of
from workbench.jobs.files import read_json
from workbench.methods.changed_weights import is_changed_weights
from workbench.methods.table import METHODS
from workbench.models.base_of import base_of
from workbench.models.facts import facts
from workbench.runs.run_dir import RunDir

_INSTEAD = "Take the GGUF file of the whole model instead, or the adapter as it is."
_EMBEDDINGS, _HEADS = ("embed_tokens", "wte", "wpe"), ("lm_head",)


def check_plain_lora(run: RunDir) -> None:
    """Raises RunError or ModelError, by name, for what has no place in such a file."""
    family_of(base_of(run))
    method = run.config().method
    if method.name != "lora" or is_changed_weights(run.adapter_dir):
        raise RunError(f"What {METHODS[method.name].label} adds has no place in a GGUF file of its own.", _INSTEAD)
    if run.config().model.merged:
        raise RunError(f"{run.name} stands on another run, which was merged into its model first.", _INSTEAD)
    told = read_json(run.adapter_dir / "adapter_config.json")
    targets = told.get("target_modules") or []
    reasons = {
        "The parts that DoRA adds": told.get("use_dora"),
        f"What it trained as a whole ({told.get('modules_to_save')})": told.get("modules_to_save"),
        "Trained biases": told.get("bias", "none") != "none" or told.get("lora_bias"),
        "An adapter beside the embedding": _names(targets, _EMBEDDINGS),
        "An adapter beside an output layer that is the embedding": _names(targets, _HEADS) and facts(base_of(run)).tied,
    }
    for part, there in reasons.items():
        if there:
            raise RunError(f"{part} of {run.name} cannot stand in a GGUF file of an adapter.", _INSTEAD)


def _names(targets: str | Iterable[str], wanted: tuple[str, ...]) -> bool:
    """A pattern or a list of names, of which the last part tells the layer."""
    listed = [targets] if isinstance(targets, str) else targets
    return any(name.endswith(wanted) for name in listed)
