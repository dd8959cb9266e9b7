"""What the workbench makes of a data file, in figures that others may rely on."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.data.reading.read import read
from workbench.data.rendering.render import render_all
from workbench.data.rendering.rows import Row

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase


def inspect(path: Path, tokenizer: "PreTrainedTokenizerBase | None", max_length: int) -> dict[str, Any]:
    """The report as JSON has it; `tokens` only where there is a tokenizer to count with."""
    reading = read(path)
    problems = list(reading.rejected)
    tokens: dict[str, Any] = {}
    accepted = len(reading.examples)
    if tokenizer is not None:
        rendered = render_all(reading.examples, tokenizer, max_length)
        problems = sorted([*problems, *rendered.rejected], key=lambda problem: problem.line)
        accepted -= len(rendered.rejected)
        tokens = {"tokens": count_tokens(rendered.rows)}
    return {
        "format": reading.format,
        "mapping": reading.mapping,
        "accepted": accepted,
        "rejected": len(problems),
        "problems": [asdict(problem) for problem in problems],
        **tokens,
    }


def count_tokens(rows: Sequence[Row]) -> dict[str, int]:
    """How many rows and tokens there are, and how long the rows: half of them up to p50, nine in ten up to p90."""
    lengths = sorted(len(row.input_ids) for row in rows)
    return {
        "rows": len(rows),
        "total": sum(lengths),
        "learned": sum(row.learned_tokens for row in rows),
        "p50": _percentile(lengths, 50),
        "p90": _percentile(lengths, 90),
        "max": _percentile(lengths, 100),
    }


def _percentile(ordered: list[int], percent: int) -> int:
    """The nearest-rank percentile, 0 where there is nothing."""
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)] if ordered else 0
