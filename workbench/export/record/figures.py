"""The figures of a card, as rows of its tables: label and value. What is not known is left out."""

from collections.abc import Iterator
from typing import Any

from workbench.export.record.facts import Facts

Figures = list[tuple[str, Any]]

_SCORES = {
    "loss": "loss",
    "perplexity": "perplexity",
    "exact": "exact match (%)",
    "rouge_l": "ROUGE-L",
    "chrf": "chrF",
}
_PARTS = {"held_out": "held-out examples", "training": "training examples", "data": "examples of another set"}


def base_figures(facts: Facts) -> Figures:
    base = facts.base
    told = [
        ("Original model", base.hub_id or base.name),
        ("Its commit", base.hub_commit),
        ("Its architecture", base.architecture),
        ("Its parameters", base.parameters),
        ("Its licence", base.licence or "not named by its files"),
        ("Method", facts.method),
        ("Trained parameters", facts.trainable_parameters),
        ("Chat template", facts.template),
        ("System prompt", facts.system_prompt),
        *((name.replace("_", " ").capitalize(), _tell(value)) for name, value in facts.rests_on.items()),
        ("Begun", facts.made),
        ("Exported", facts.exported),
    ]
    return _known(told)


def data_figures(facts: Facts) -> Figures:
    data = facts.data
    if data is None:
        return [("Examples", "not known here")]
    return [
        ("Rows given", data.given),
        ("Rows of tokens learned from", data.used),
        ("Examples kept for checking", data.held_out),
        ("Left out: could not be used", data.rejected),
        ("Left out: copies of what is kept for checking", data.duplicates),
        ("Left out: too long", data.dropped),
        ("Left out: nothing to learn in them", data.nothing_to_learn),
        ("Cut to length", data.cut),
        ("Learned tokens in one pass", data.learned_tokens),
        *((f"sha256 of {name}", f"`{digest}`") for name, digest in data.sha256.items()),
    ]


def course_figures(facts: Facts) -> Figures:
    course = facts.course
    if course is None:
        return [("Training", "not known here")]
    told = [
        ("Updates", course.steps),
        ("Planned", course.planned_steps if course.planned_steps != course.steps else 0),
        ("Passes over the data (epochs)", course.epochs),
        ("Tokens read", course.tokens),
        ("Tokens learned", course.learned_tokens),
        ("Time", _duration(course.seconds)),
        ("Interrupted or paused, and resumed", f"{course.resumes} times" if course.resumes else "never"),
        ("Loss at the first update", course.loss_first),
        ("Loss at the last", course.loss_last),
        ("Lowest loss", course.loss_best),
        ("The result is that of update", course.result_step),
    ]
    return _known(told)


def score_figures(facts: Facts) -> Figures:
    """Before and after; only what was measured."""
    course = facts.course
    rows: Figures = []
    if course is not None and course.held_out_after is not None:
        before = "" if course.held_out_before is None else f"{course.held_out_before:.4g} → "
        rows.append(("Loss on held-out examples, while training", f"{before}{course.held_out_after:.4g}"))
        rows.append(("Lowest of these", f"{course.held_out_best:.4g} (update {course.held_out_best_step})"))
    rows += _checked(facts)
    return rows or [("Evaluation", "none was made")]


def machine_figures(facts: Facts) -> Figures:
    packages = facts.trained_with.get("packages", {})
    versions = ", ".join(f"{name} {version}" for name, version in packages.items())
    told = [
        ("Processor", facts.machine.get("cpu")),
        ("Cores", facts.machine.get("cores")),
        ("GPU", facts.machine.get("gpu")),
        ("Memory", f"{facts.machine['ram_gb']} GB" if "ram_gb" in facts.machine else ""),
        ("Most memory that the training took", f"{facts.peak_memory_gb} GB" if facts.peak_memory_gb else ""),
        ("LoRA Workbench", facts.trained_with.get("workbench") or facts.exported_with["workbench"]),
        ("Python", facts.trained_with.get("python")),
        ("Libraries", versions),
    ]
    return _known(told)


def _checked(facts: Facts) -> Iterator[tuple[str, str]]:
    for part, label in _PARTS.items():
        scores = facts.scores.get(part, {})
        for name, score in _SCORES.items():
            if name in scores:
                told = f"{scores[name]['original']:.4g} → {scores[name]['tuned']:.4g}"
                yield f"{score[:1].upper()}{score[1:]} on {scores['examples']:,} {label}", told


def _known(rows: list[tuple[str, Any]]) -> Figures:
    return [(label, value) for label, value in rows if value not in (None, "", 0)]


def _tell(value: Any) -> str:
    """What another run is known by."""
    if "parts" in value:
        return ", ".join(f"{part['name']} ({part['weight']:g})" for part in value["parts"])
    return ", ".join(str(value[name]) for name in ("name", "source", "made_for") if value.get(name))


def _duration(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"
