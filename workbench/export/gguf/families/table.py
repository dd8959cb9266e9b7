"""Which models a GGUF file can be written of, by what their config calls them."""

from pathlib import Path

from workbench.errors import ModelError
from workbench.export.gguf.families.family import INSTEAD, Family
from workbench.export.gguf.families.llama import LLAMA
from workbench.models.screen import read_object

FAMILIES = {
    "llama": LLAMA,
    "mistral": LLAMA,
}
"""By `model_type`."""


def family_of(model: Path) -> Family:
    """Raises ModelError, by name, for a model of another kind."""
    kind = read_object(model / "config.json").get("model_type")
    if kind not in FAMILIES:
        known = ", ".join(FAMILIES)
        raise ModelError(f"GGUF files are not written of models of the kind “{kind}”, but of {known}.", INSTEAD)
    return FAMILIES[kind]
