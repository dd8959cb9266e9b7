"""The head of a card: the YAML that the Hugging Face hub reads. What is not known is left out."""

import re
from collections.abc import Iterator
from typing import Any

import yaml

from workbench.export.record.facts import Facts
from workbench.export.record.statement import languages

WITH_BASE = ("merged", "gguf")
"""Targets that hold the weights of the base."""

_RELATIONS = {"merged": "finetune", "gguf": "quantized"}
_WHOLE_NUMBERS = ("F32", "F16", "BF16")
"""Number formats of GGUF that quantise nothing."""

_LIBRARIES = {"merged": "transformers", "gguf": "gguf", "gguf-lora": "gguf"}

_KNOWN_TO_HUB = re.compile(
    r"apache-2\.0|mit|(l?gpl|agpl)-[23]\.0|bsd-[23]-clause|mpl-2\.0|unlicense|cc0-1\.0|cc-by(-[a-z]{2})*-[234]\.0"
    r"|llama[234](\.[0-9])?|gemma|openrail|(bigscience|creativeml)-[a-z-]*openrail-m"
)
_LOOKED_AT = {"exact": "exact match (%)", "rouge_l": "ROUGE-L", "chrf": "chrF", "loss": "loss"}


def head(facts: Facts) -> str:
    """With its lines of dashes."""
    fields = {name: value for name, value in _fields(facts).items() if value}
    return f"---\n{yaml.safe_dump(fields, sort_keys=False, allow_unicode=True, width=120)}---\n"


def _fields(facts: Facts) -> dict[str, Any]:
    results = list(_results(facts))
    return {
        "base_model": facts.base.hub_id,
        "base_model_relation": _relation(facts) if facts.base.hub_id else "",
        "library_name": _LIBRARIES.get(facts.target, "peft"),
        "pipeline_tag": "text-generation",
        **_licence(facts),
        "language": languages(facts.statement),
        "tags": _tags(facts),
        "model-index": [{"name": facts.name, "results": results}] if results else [],
    }


def _relation(facts: Facts) -> str:
    if facts.target == "gguf" and facts.numbers in _WHOLE_NUMBERS:
        return "finetune"
    return _RELATIONS.get(facts.target, "adapter")


def _licence(facts: Facts) -> dict[str, str]:
    """That of the base, carried on."""
    licence = facts.base.licence
    if not licence or _KNOWN_TO_HUB.fullmatch(licence):
        return {"license": licence}
    link = next((name for name in facts.base.terms if name.startswith("LICEN")), "")
    return {"license": "other", "license_name": licence, "license_link": link if facts.target in WITH_BASE else ""}


def _tags(facts: Facts) -> list[str]:
    method = str(facts.settings["method.name"]).replace("_", "-")
    is_qlora = method == "lora" and facts.quantization in ("nf4", "fp4")
    return ["qlora" if is_qlora else method, "sft", "lora-workbench", *(["gguf"] if "gguf" in facts.target else [])]


def _results(facts: Facts) -> Iterator[dict[str, Any]]:
    """Only of checks that were made."""
    course, scores = facts.course, facts.scores.get("held_out", {})
    measured = {label: scores[name]["tuned"] for name, label in _LOOKED_AT.items() if name in scores}
    if "loss" not in measured and course is not None and course.held_out_after is not None:
        measured["loss"] = course.held_out_after
    if measured:
        yield {
            "task": {"type": "text-generation"},
            "dataset": {"name": "held-out examples of the author's own data", "type": "private"},
            "metrics": [
                {"type": name.split()[0].lower(), "name": name, "value": value} for name, value in measured.items()
            ],
        }
