"""Into what a tokenizer cuts a text before it joins bytes to tokens: GGUF files name the way, and programs know it."""

from typing import Any

from workbench.errors import ModelError
from workbench.export.gguf.families.family import INSTEAD

_CONTRACTIONS = "(?i:'s|'t|'re|'ve|'m|'ll|'d)"
_REST = r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
LLAMA_3 = _CONTRACTIONS + r"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}" + _REST
_QWEN = _CONTRACTIONS + r"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}" + _REST
_UPPER, _LOWER = r"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]", r"[\p{Ll}\p{Lm}\p{Lo}\p{M}]"
TEKKEN = (
    rf"[^\r\n\p{{L}}\p{{N}}]?{_UPPER}*{_LOWER}+|[^\r\n\p{{L}}\p{{N}}]?{_UPPER}+{_LOWER}*"
    r"|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
_GPT_2, _DIGITS = "as GPT-2", "single digits"

_WAYS = {
    ((_GPT_2,), False): "gpt-2",
    ((_DIGITS, _GPT_2), False): "smollm",
    ((LLAMA_3,), True): "llama-bpe",
    ((LLAMA_3,), False): "dbrx",
    ((_QWEN,), False): "qwen2",
    ((TEKKEN,), True): "tekken",
}
"""By the steps, and by whether a word that is a token as a whole is taken as it is."""


def name_of_splitting(rules: dict[str, Any]) -> str:
    """What GGUF calls the way in which a tokenizer.json splits. Raises ModelError where it has no name for it."""
    steps = tuple(_name(step) for step in _steps(rules["pre_tokenizer"]))
    way = _WAYS.get((tuple(step for step in steps if step), bool(rules["model"].get("ignore_merges"))))
    if way is None or not _is_plain(rules["normalizer"]):
        raise ModelError("The model's tokenizer splits texts in a way that GGUF has no name for.", INSTEAD)
    return way


def _steps(rule: Any) -> list[dict[str, Any]]:
    if rule and rule["type"] == "Sequence":
        return list(rule["pretokenizers"])
    return [rule] if rule else []


def _name(step: dict[str, Any]) -> str:
    """Empty for the step that only writes bytes as letters, and for any that is not known one that no way has."""
    match step:
        case {"type": "ByteLevel", "add_prefix_space": False, "use_regex": use_regex}:
            return _GPT_2 if use_regex else ""
        case {"type": "Digits", "individual_digits": True}:
            return _DIGITS
        case {"type": "Split", "pattern": {"Regex": pattern}, "behavior": "Isolated", "invert": False}:
            return str(pattern)
    return f"unknown: {step['type']}"


def _is_plain(normalizer: Any) -> bool:
    """NFC is what nearly all texts are written in: programs leave it out."""
    return normalizer is None or normalizer == {"type": "NFC"}
