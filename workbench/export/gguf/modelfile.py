"""The Modelfile beside a GGUF file: how Ollama is to use it."""

from pathlib import Path
from typing import Any

from workbench.config.sampling import presets
from workbench.export.gguf.go_templates import HEADS, go_template, known_as
from workbench.models.templates import end_of_turn

_PRESET = "balanced"
_QUOTES, _SAFE_QUOTES = '"""', "'''"
_NO_FORM = "# Ollama has no form of this chat template: it looks in the GGUF file for one that it knows."


def write_modelfile(folder: Path, begins: tuple[str, ...], tokenizer: Any, system: str) -> None:
    """`begins` are its first lines, which say what is loaded."""
    lines = [*begins, "", *_template(tokenizer), *_system(system), *_parameters(tokenizer)]
    (folder / "Modelfile").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _template(tokenizer: Any) -> list[str]:
    name = known_as(tokenizer)
    return [f'TEMPLATE """{go_template(name, _end(tokenizer))}"""' if name else _NO_FORM, ""]


def _system(text: str) -> list[str]:
    # Three quotes would end what stands between three quotes.
    return [f'SYSTEM """{text.replace(_QUOTES, _SAFE_QUOTES)}"""', ""] if text else []


def _parameters(tokenizer: Any) -> list[str]:
    stops = dict.fromkeys(
        mark for mark in (_end(tokenizer), tokenizer.eos_token, HEADS.get(known_as(tokenizer))) if mark
    )
    sampling = presets()[_PRESET]
    return [
        *(f'PARAMETER stop "{mark}"' for mark in stops),
        f"PARAMETER temperature {sampling.temperature}",
        f"PARAMETER top_p {sampling.top_p}",
        f"PARAMETER repeat_penalty {sampling.repetition_penalty}",
    ]


def _end(tokenizer: Any) -> str:
    return end_of_turn(tokenizer) or str(tokenizer.eos_token)
