"""Gemma, whose norms are stored less 1."""

from typing import Any

from workbench.export.gguf.families.decoder import NAMES, describe
from workbench.export.gguf.families.family import Family

_NORMS = ("model.norm", "model.layers.{}.input_layernorm", "model.layers.{}.post_attention_layernorm")


def _whole(norm: Any, _: Any) -> Any:
    return norm + 1


GEMMA = Family("gemma", NAMES, describe, dict.fromkeys(_NORMS, _whole), activation="gelu_pytorch_tanh")
