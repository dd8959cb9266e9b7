"""What the workbench makes of data and a model, in figures that others may rely on and in sentences for a person."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from workbench.data.counting.filters import FILTERS, Filter, mask
from workbench.data.counting.subject import Array, Subject
from workbench.data.examples import Example
from workbench.data.meaning.language import LANGUAGES, language_of
from workbench.data.rendering.fit import FittedRows
from workbench.models.catalog import STARTER

_BINS = 40
_LANGUAGE_SAMPLE = 200
_LANGUAGE_CHARACTERS = 300
_BADLY_SPLIT_SHARE = 0.2
_MOST_PROBLEMS = 200
_GUIDANCE = (
    (10, "enough to try it out. Expect it to repeat them; 30 to 100 are a good start."),
    (30, "a beginning. 30 to 100 are a good start."),
    (300, "enough to change how it talks, not to teach facts."),
    (3000, "enough to teach a manner or a format well, and little in the way of facts."),
    (0, "enough for a task of its own. One or two passes over them may do."),
)
_TEXT_GUIDANCE = (
    (20_000, "enough to try it out, not to change much."),
    (500_000, "enough to pick up a style, not to teach facts."),
    (0, "enough to pick up a style and the words of a field."),
)


@dataclass(frozen=True)
class Warning:
    """Something to look at: the filter that shows the rows, what it is called, a sentence, and how many there are."""

    filter: str
    label: str
    sentence: str
    count: int


@dataclass(frozen=True)
class Lengths:
    """How long the rows are, in tokens; half of them up to `p50`, nine in ten up to `p90`."""

    rows: int
    total: int
    p50: int
    p90: int
    max: int


@dataclass(frozen=True)
class Histogram:
    """How many examples have so many tokens, before anything is cut. The last bin holds all that are longer."""

    width: int
    counts: tuple[int, ...]
    longest: int


@dataclass(frozen=True)
class Report:
    """All figures of the whole data, before a start."""

    format: str
    mapping: dict[str, str]
    accepted: int
    rejected: int
    excluded: int
    problems: tuple[dict[str, Any], ...]
    held_out: int
    lengths: Lengths
    learned: int
    cut: int
    dropped: int
    nothing_to_learn: int
    max_length: int
    longest_share: float
    """The part of all tokens that the longest hundredth of the rows takes."""
    histogram: Histogram
    warnings: tuple[Warning, ...]
    language: str
    """A sentence about what language it is and whether the model knows it; "" where nothing can be said."""
    is_foreign: bool
    """Whether the model surely does not know that language."""
    guidance: str
    unsure: tuple[str, ...]
    """What was only guessed about the columns, a sentence for each file."""
    notes: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """As the command line prints it; others may rely on these names."""
        lengths = self.lengths
        return {
            "format": self.format,
            "mapping": self.mapping,
            "accepted": self.accepted,
            "rejected": self.rejected,
            "excluded": self.excluded,
            "problems": list(self.problems),
            "tokens": {
                "rows": lengths.rows,
                "total": lengths.total,
                "learned": self.learned,
                "p50": lengths.p50,
                "p90": lengths.p90,
                "max": lengths.max,
            },
            "held_out": self.held_out,
            "max_length": self.max_length,
            "cut": self.cut,
            "dropped": self.dropped,
            "nothing_to_learn": self.nothing_to_learn,
            "longest_share": round(self.longest_share, 4),
            "warnings": {warning.filter: warning.count for warning in self.warnings},
            "language": self.language,
            "guidance": self.guidance,
            "unsure": list(self.unsure),
            "notes": list(self.notes),
        }


def make_report(subject: Subject) -> Report:
    """Count everything once, over all examples whether learned from or kept for checking."""
    examples = subject.prepared.examples
    files = examples.summary["files"]
    fitted = subject.rows
    accepted = int(subject.is_accepted.sum())
    warnings = _warnings(subject)
    badly_split = next((warning.count for warning in warnings if warning.filter == "split_badly"), 0)
    language, is_foreign = _language(subject, badly_split)
    return Report(
        format=" and ".join(dict.fromkeys(file["format"] for file in files)),
        mapping={role: column for file in files for role, column in file["mapping"].items()},
        accepted=accepted,
        rejected=examples.summary["rejected"] + len(subject) - accepted,
        excluded=examples.summary["excluded"],
        problems=tuple(problems(subject)),
        held_out=int(mask(subject, "held_out").sum()),
        lengths=_lengths(fitted.lengths),
        learned=fitted.learned_tokens,
        cut=fitted.cut,
        dropped=fitted.dropped,
        nothing_to_learn=fitted.nothing_to_learn,
        max_length=subject.fitting.max_length,
        longest_share=_longest_share(fitted.lengths),
        histogram=_histogram(subject.tokens[subject.is_accepted], subject.fitting.max_length),
        warnings=tuple(warnings),
        language=language,
        is_foreign=is_foreign,
        guidance=_guidance(subject, accepted, fitted),
        unsure=tuple(file["unsure"] for file in files if file["unsure"]),
        notes=(*examples.summary["notes"], *subject.prepared.tokens.summary["notes"]),
    )


def problems(subject: Subject) -> list[dict[str, Any]]:
    """The first rows that are left out, in the order of the file."""
    rejected = subject.rejected[:_MOST_PROBLEMS]
    return [{key: row[key] for key in ("part", "line", "reason", "excerpt")} for row in rejected]


def _warnings(subject: Subject) -> list[Warning]:
    counted = [(found, _count(subject, found)) for found in FILTERS if found.why]
    return [Warning(found.id, found.label, found.sentence(count), count) for found, count in counted if count]


def _count(subject: Subject, found: Filter) -> int:
    return len(subject.rejected) if found.id == "rejected" else int(mask(subject, found.id).sum())


def _lengths(lengths: Array) -> Lengths:
    ordered = np.sort(lengths)
    p50, p90, most = (_percentile(ordered, percent) for percent in (50, 90, 100))
    return Lengths(len(ordered), int(ordered.sum()), p50, p90, most)


def _percentile(ordered: Array, percent: int) -> int:
    """The nearest-rank percentile, 0 where there is nothing."""
    return int(ordered[max(0, -(-len(ordered) * percent // 100) - 1)]) if len(ordered) else 0


def _longest_share(lengths: Array) -> float:
    hundredth = -(-len(lengths) // 100)
    return float(np.sort(lengths)[len(lengths) - hundredth :].sum() / max(1, lengths.sum()))


def _histogram(lengths: Array, max_length: int) -> Histogram:
    ordered = np.sort(lengths)
    longest = _percentile(ordered, 100)
    # A single giant would press all others into the first bin.
    shown = min(longest, max(2 * _percentile(ordered, 99), max_length))
    width = max(1, -(-(shown + 1) // _BINS))
    places = np.minimum(ordered // width, shown // width)
    return Histogram(width, tuple(np.bincount(places, minlength=1).tolist()), longest)


def _language(subject: Subject, badly_split: int) -> tuple[str, bool]:
    """What a sample of the examples is written in, and whether that is foreign to the model."""
    accepted = np.flatnonzero(subject.is_accepted)
    chosen = accepted[np.linspace(0, len(accepted) - 1, min(_LANGUAGE_SAMPLE, len(accepted)), dtype=np.int64)]
    examples = subject.prepared.examples.examples
    found = language_of("\n".join(_beginning(examples[int(place)]) for place in chosen))
    looks = f"your data looks {LANGUAGES[found]}" if found else ""
    if subject.model == STARTER and found not in ("", "en"):
        return f"The starter knows only English; {looks}. Choose a real model for it.", True
    if badly_split > _BADLY_SPLIT_SHARE * len(accepted):
        tail = f": {looks}" if looks else ""
        return f"This model reads the text letter by letter, so it hardly knows it{tail}.", True
    return (f"Y{looks[1:]}." if looks else ""), False


def _beginning(example: Example) -> str:
    words = example.text or "\n".join(message.content[:_LANGUAGE_CHARACTERS] for message in example.messages)
    return words[:_LANGUAGE_CHARACTERS]


def _guidance(subject: Subject, accepted: int, fitted: FittedRows) -> str:
    if subject.words.is_plain[subject.is_accepted].all():
        tokens = int(fitted.lengths.sum())
        return f"{tokens:,} tokens of text: {_first_above(tokens, _TEXT_GUIDANCE)}"
    return f"{accepted:,} examples: {_first_above(accepted, _GUIDANCE)}"


def _first_above(count: int, steps: tuple[tuple[int, str], ...]) -> str:
    return next(words for below, words in steps if count < below or not below)
