"""The rows of an evaluation put together: scores of each part, and what was forgotten."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from workbench.chat.questions import ORIGINAL
from workbench.chat.scores.overlap import overlap
from workbench.chat.scores.request import PARTS
from workbench.chat.scores.shipped_texts import GENERAL, LANGUAGES, OWN
from workbench.chat.scores.verdict import judge, perplexity

JsonRow = dict[str, Any]

_WORST = 1e9


def score_parts(answers: Sequence[JsonRow], losses: Sequence[JsonRow], names: Sequence[str]) -> dict[str, JsonRow]:
    """By part of the examples: how many, and the scores of each target that can be told."""
    found: dict[str, JsonRow] = {}
    for part in PARTS:
        answered = [row for row in answers if row["part"] == part and row["expected"]]
        read = [row for row in losses if row["part"] == part]
        if answered or read:
            found[part] = _overlaps(answered, names) | _means(read, names)
    return found


def tell_forgetting(texts: Sequence[JsonRow], names: Sequence[str]) -> JsonRow:
    """Perplexity by text and target, and of each tuned target a verdict by the English one."""
    read = {source: [row for row in texts if row["source"] == source] for source in (GENERAL, LANGUAGES, OWN)}
    tables = {source: _means(rows, names) for source, rows in read.items() if rows}
    before = tables[GENERAL]["perplexity"][ORIGINAL]
    tuned = [name for name in names if name != ORIGINAL]
    verdicts = {name: asdict(judge(before, tables[GENERAL]["perplexity"][name])) for name in tuned}
    return {"texts": tables, "verdicts": verdicts}


def shorten(result: JsonRow, forgetting: JsonRow, target: str) -> JsonRow:
    """What the run's own record keeps: a few numbers of the run and of the original."""
    short: JsonRow = {}
    for part, scores in result.get("parts", {}).items():
        kept = {name: scores[name] for name in ("loss", "perplexity", "exact", "rouge_l", "chrf") if name in scores}
        short[part] = {
            "examples": scores["examples"],
            **{name: _of_two(values, target) for name, values in kept.items()},
        }
    if forgetting:
        general = forgetting["texts"][GENERAL]["perplexity"]
        short["forgetting"] = forgetting["verdicts"][target] | {"perplexity": _of_two(general, target)}
    return short


def _of_two(values: JsonRow, target: str) -> JsonRow:
    return {"original": values[ORIGINAL], "tuned": values[target]}


def _overlaps(rows: Sequence[JsonRow], names: Sequence[str]) -> JsonRow:
    if not rows:
        return {}
    expected = [row["expected"] for row in rows]
    found = {name: asdict(overlap([row["answers"][name] for row in rows], expected)) for name in names}
    return {"examples": len(rows)} | {
        score: {name: round(found[name][score], 2) for name in names} for score in ("exact", "rouge_l", "chrf")
    }


def _means(rows: Sequence[JsonRow], names: Sequence[str]) -> JsonRow:
    """Over the learned tokens of all rows together, as in training."""
    if not rows:
        return {}
    tokens = sum(row["tokens"] for row in rows)
    sums = {name: _sum(row["losses"][name] for row in rows) for name in names}
    return {
        "examples": len(rows),
        "tokens": tokens,
        "loss": {name: round(total / tokens, 5) for name, total in sums.items()},
        "perplexity": {name: float(f"{perplexity(total, tokens):.6g}") for name, total in sums.items()},
    }


def _sum(losses: Iterable[float | None]) -> float:
    """Of weights that are no numbers any more the loss is none either, and counts as the worst."""
    return sum(_WORST if loss is None else loss for loss in losses)
