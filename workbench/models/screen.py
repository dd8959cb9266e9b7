"""Reasons to leave a model folder alone: what its JSON files say is checked before any library sees them."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from workbench.errors import ModelError
from workbench.models.architectures import causal_model_types

MAX_CONFIG_BYTES = 4_000_000
MAX_TOKENIZER_BYTES = 64_000_000
MAX_TEMPLATE_BYTES = 65_536
MAX_REWRITES = 16
MAX_REWRITE_BYTES = 64

_AGAIN = "Copy or download the model again."
_OTHER = "Choose another model."
_SIZES = (
    *("num_hidden_layers", "n_layer", "n_layers", "num_layers", "hidden_size", "n_embd", "d_model", "vocab_size"),
    *(
        "num_attention_heads",
        "n_head",
        "num_key_value_heads",
        "head_dim",
        "intermediate_size",
        "max_position_embeddings",
    ),
)
_CAUSAL = re.compile(r"ForCausalLM$|LMHeadModel$")
_TEMPLATE_NAME = re.compile(r"[a-z0-9_]{1,40}")


def read_object(path: Path, max_bytes: int = MAX_CONFIG_BYTES) -> dict[str, Any]:
    """The object in a JSON file that came with a model.

    Raises ModelError if it is too large, or not one JSON object.
    """
    if path.stat().st_size > max_bytes:
        raise ModelError(f"{path.name} is larger than {max_bytes // 1_000_000} MB.", _OTHER)
    try:
        data = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as error:
        raise ModelError(f"{path.name} is not valid JSON.", _AGAIN) from error
    if not isinstance(data, dict):
        raise ModelError(f"{path.name} does not hold settings.", _AGAIN)
    return data


def check_config(config: dict[str, Any]) -> None:
    """Raise ModelError unless config.json describes a causal language model that needs no code of its own."""
    if any(key.startswith("_attn_implementation") for key in _keys(config)):
        raise ModelError("config.json names an attention implementation to load, which may be foreign code.", _OTHER)
    kind, names = config.get("model_type"), config.get("architectures") or []
    if not isinstance(kind, str) or not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise ModelError("config.json does not say what kind of model this is.", _AGAIN)
    if names and not _CAUSAL.search(names[0]):
        raise ModelError(f"This is a {names[0]}, not a model that continues text.", "Choose a causal language model.")
    if kind not in causal_model_types():
        raise _unknown_kind(kind, needs_code="auto_map" in config)
    for name in _SIZES:
        if isinstance(size := config.get(name), str) or (isinstance(size, int) and size < 0):
            raise ModelError(f"config.json says “{size}” for {name}, where a number of 0 and more belongs.", _AGAIN)
    if "quantization_config" in config:
        raise ModelError(
            "These weights are already quantized, and cannot be tuned well.",
            "Choose the original model; it can be quantized here for training.",
        )


def check_tokenizer(folder: Path) -> None:
    """Raise ModelError if the tokenizer is missing, oversized, or reaches for files outside its folder."""
    names = {path.name for path in folder.iterdir()}
    if "tokenizer.json" not in names and not {"vocab.json", "merges.txt"} <= names:
        raise ModelError("The tokenizer is missing: there is no tokenizer.json.", _AGAIN)
    if "tokenizer.json" in names and (folder / "tokenizer.json").stat().st_size > MAX_TOKENIZER_BYTES:
        raise ModelError(f"tokenizer.json is larger than {MAX_TOKENIZER_BYTES // 1_000_000} MB.", _OTHER)
    settings = read_object(folder / "tokenizer_config.json") if "tokenizer_config.json" in names else {}
    for key, value in settings.items():
        if key.endswith("_file") and isinstance(value, str) and _lies_outside(folder, value):
            raise ModelError(f"tokenizer_config.json points at a file outside its folder ({key}).", _OTHER)
    _check_template_names(settings.get("chat_template"))
    template = folder / "chat_template.jinja"
    if template.name in names and template.stat().st_size > MAX_TEMPLATE_BYTES:
        raise ModelError(f"The chat template is larger than {MAX_TEMPLATE_BYTES // 1024} KB.", _OTHER)


def check_tokenizer_rules(folder: Path) -> None:
    """Raise ModelError if tokenizer.json holds rules that blow a short text up.

    Reads the whole file, so it belongs in a worker.
    """
    path = folder / "tokenizer.json"
    rules = read_object(path, MAX_TOKENIZER_BYTES) if path.exists() else {}
    padding = rules.get("padding")
    if isinstance(padding, dict) and isinstance(padding.get("strategy"), dict):
        raise ModelError("tokenizer.json pads every text to a fixed length.", _OTHER)
    steps = [*_steps(rules.get("normalizer")), *_steps(rules.get("pre_tokenizer")), *_steps(rules.get("decoder"))]
    rewrites = [step for step in steps if step.get("type") in ("Replace", "Prepend")]
    inserted = [str(step.get("content") or step.get("prepend") or "") for step in rewrites]
    if len(rewrites) > MAX_REWRITES or any(len(text.encode()) > MAX_REWRITE_BYTES for text in inserted):
        raise ModelError("tokenizer.json rewrites text in too many or too long steps.", _OTHER)


def _unknown_kind(kind: str, *, needs_code: bool) -> ModelError:
    if needs_code:
        return ModelError(f"Models of the kind “{kind}” need program code of their own, which is never run.", _OTHER)
    return ModelError(
        f"The installed transformers cannot load models of the kind “{kind}” as a text model.",
        "Choose another model, or install a newer transformers.",
    )


def _keys(data: Any) -> Iterator[str]:
    if isinstance(data, dict):
        for key, value in data.items():
            yield key
            yield from _keys(value)


def _lies_outside(folder: Path, value: str) -> bool:
    """Old configs name paths of their maker's computer; only one that exists on this one could be read."""
    path = folder / value
    return path.name != value and path.exists()


def _check_template_names(template: Any) -> None:
    rows = template if isinstance(template, list) else []
    names = [row.get("name") if isinstance(row, dict) else None for row in rows]
    if not all(isinstance(name, str) and _TEMPLATE_NAME.fullmatch(name) for name in names):
        raise ModelError("tokenizer_config.json holds a chat template with an unusual name.", _OTHER)
    texts = [template] if isinstance(template, str) else [row.get("template") for row in rows]
    if any(len(str(text).encode()) > MAX_TEMPLATE_BYTES for text in texts):
        raise ModelError(f"The chat template is larger than {MAX_TEMPLATE_BYTES // 1024} KB.", _OTHER)


def _steps(rule: Any) -> Iterator[dict[str, Any]]:
    if isinstance(rule, dict):
        yield rule
        for value in rule.values():
            for inner in value if isinstance(value, list) else ():
                yield from _steps(inner)
