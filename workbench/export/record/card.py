"""README.md: the card of an export, for people and for the hub. Everything in it stands in the facts."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from workbench.config.fields import leaves
from workbench.config.run_config import RunConfig
from workbench.export.record.facts import Facts
from workbench.export.record.figures import (
    base_figures,
    course_figures,
    data_figures,
    machine_figures,
    score_figures,
)
from workbench.export.record.metadata import WITH_BASE, head
from workbench.export.record.statement import NOT_STATED, QUESTIONS, YES, answer_of
from workbench.export.record.tables import cell, table
from workbench.export.record.usage import usage

NAME = "README.md"

_SUBJECTS = {
    "adapter": "An adapter for {base}, made with {method}.",
    "merged": "The model {base} with what {method} taught it in its weights, in {numbers}.",
    "gguf": "The model {base} with what {method} taught it in its weights, as a GGUF file in {numbers}.",
    "gguf-lora": "An adapter for {base}, made with {method}, as a GGUF file.",
    "run": "A run of LoRA Workbench: what {method} taught {base}, and how.",
}
_ORIGINS = {
    "imported": "It was taken in from elsewhere, so that how it was trained is not known here.",
    "blended": "It was not trained as it is, but blended from other adapters.",
}
_QUANTIZED = (
    "It was trained beside weights held as {kind}, and {done}. Answers can differ a little from those in training."
)
_MERGED_WHOLE = "merged into the weights in full precision"
_USED_WHOLE = "is meant for the weights in full precision as well"
_FROM_RECORD = "Everything below was written down by the program that trained it, unless it says “the author”."
_LICENCE = "The original is given under: **{licence}**. What is passed on here stands under the same terms."
_NO_LICENCE = "The files of the original name no licence. Ask its makers before you pass this on."
_CONFIRMED = "The author has confirmed to have read them and to pass this on under them."
_NOT_CONFIRMED = "That these terms were read, and allow this to be passed on, is {}."


def card(facts: Facts, folder: Path) -> str:
    """Of the files in the folder."""
    sections = [
        f"{head(facts)}\n# {_line(facts.name)}\n\n{_subject(facts)}",
        _section("How to use it", usage(facts, folder)),
        _section("The author says", _statement(facts)),
        _section("What was changed", _FROM_RECORD, table(base_figures(facts)), _settings(facts)),
        _section("Data", table(data_figures(facts)), _files(facts), _reasons(facts)),
        _section("Training", table(course_figures(facts))),
        _section("How good it is", table(score_figures(facts)), _forgetting(facts)),
        _section("Computing", _compute(facts), table(machine_figures(facts))),
        _section("Limits", "\n".join(f"- {sentence}" for sentence in facts.limits)),
        _section("Licence", _licence(facts)),
        _section("Digests", table([(name, f"`{digest}`") for name, digest in _digests(facts)])),
    ]
    return "\n\n".join(filter(None, sections)) + "\n"


def _section(title: str, *parts: str) -> str:
    """Nothing where there is nothing to say."""
    told = "\n\n".join(part.strip() for part in parts if part.strip())
    return f"## {title}\n\n{told}" if told else ""


def _subject(facts: Facts) -> str:
    told = {"base": _line(facts.base.name), "method": facts.method, "numbers": facts.numbers}
    sentences = [_SUBJECTS[facts.target].format(**told), _ORIGINS.get(facts.origin, "")]
    if facts.quantization != "none":
        done = _USED_WHOLE if facts.target in ("adapter", "gguf-lora", "run") else _MERGED_WHOLE
        sentences.append(_QUANTIZED.format(kind=facts.quantization, done=done))
    return " ".join(filter(None, sentences))


def _statement(facts: Facts) -> str:
    rows = [(question.label, answer_of(facts.statement, name)) for name, question in QUESTIONS.items()]
    return table(rows)


def _settings(facts: Facts) -> str:
    labels = {leaf.path: leaf.spec.label for leaf in leaves(RunConfig)}
    rows = [(labels.get(path, path), f"`{path}`", *_told(facts, path)) for path in facts.settings]
    shown = table(rows, ("Setting", "", "Value", "Found by itself"))
    return f"<details>\n<summary>Every setting</summary>\n\n{shown}\n\n</details>"


def _told(facts: Facts, path: str) -> tuple[Any, str]:
    return facts.settings[path], str(facts.became.get(path, {}).get("why", ""))


def _files(facts: Facts) -> str:
    if facts.data is None:
        return ""
    rows = [(file.name, file.format, file.rows, f"`{file.sha256 or 'not kept'}`") for file in facts.data.files]
    return table(rows, ("File", "Format", "Rows", "sha256"))


def _reasons(facts: Facts) -> str:
    reasons = facts.data.reasons if facts.data else {}
    return table(list(reasons.items()), ("Left out because", "Rows")) if reasons else ""


def _forgetting(facts: Facts) -> str:
    return str(facts.scores.get("forgetting", {}).get("sentence", ""))


def _compute(facts: Facts) -> str:
    compute = facts.compute
    if compute.flop is None or compute.ratio is None:
        return "How much computing its training took is not known here."
    return (
        f"Estimated training compute: **{compute.flop:.2e} FLOP** ({compute.formula}). That is {compute.ratio:.1e} of "
        f"{cell(compute.beside)} ({compute.beside_flop:.1e} FLOP). Energy was not measured."
    )


def _licence(facts: Facts) -> str:
    if not facts.base.licence:
        return _NO_LICENCE
    is_confirmed = facts.statement.get("licence_confirmed") == YES
    names = ", ".join(f"`{name}`" for name in facts.base.terms) if facts.target in WITH_BASE else ""
    said = _CONFIRMED if is_confirmed else _NOT_CONFIRMED.format(NOT_STATED)
    return " ".join(filter(None, [_LICENCE.format(licence=facts.base.licence), said, names and f"See {names}."]))


def _digests(facts: Facts) -> Iterator[tuple[str, str]]:
    yield from ((f"{name} of the run", digest) for name, digest in facts.result_sha256.items())
    if facts.base.fingerprint:
        yield f"{_line(facts.base.name)} (fingerprint)", facts.base.fingerprint


def _line(text: str) -> str:
    return " ".join(text.split())
