"""Which models a GGUF file can be written of, by what their config calls them."""

from pathlib import Path

from workbench.errors import ModelError
from workbench.export.gguf.families.family import INSTEAD, Family
from workbench.export.gguf.families.gemma import GEMMA
from workbench.export.gguf.families.gpt2 import GPT_2
from workbench.export.gguf.families.llama import LLAMA
from workbench.export.gguf.families.phi3 import PHI_3
from workbench.export.gguf.families.qwen import QWEN_2, QWEN_3
from workbench.models.screen import read_object

FAMILIES = {
    "llama": LLAMA,
    "mistral": LLAMA,
    "qwen2": QWEN_2,
    "qwen3": QWEN_3,
    "gemma": GEMMA,
    "phi3": PHI_3,
    "gpt2": GPT_2,
}
"""By `model_type`."""


def family_of(model: Path) -> Family:
    """Raises ModelError, by name, for a model of another kind."""
    kind = read_object(model / "config.json").get("model_type")
    if kind not in FAMILIES:
        known = ", ".join(FAMILIES)
        raise ModelError(f"GGUF files are not written of models of the kind “{kind}”, but of {known}.", INSTEAD)
    return FAMILIES[kind]
