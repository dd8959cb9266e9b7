"""Files of examples made from a real one, for what depends on how many there are and how long they are."""

import json
from itertools import cycle, islice
from pathlib import Path

from benchmarks.venvs import BUILD

_LONG_ROWS = 64
_LONG_CHARACTERS = 20_000
"""More than any length in tokens that is measured."""


def many_rows(data: Path, rows: int) -> Path:
    """The examples over and over, each with a number of its own, so that none is left out as a copy."""
    numbered = enumerate(islice(cycle(_read(data)), rows))
    made = [row | {"instruction": f"{number}. {row['instruction']}"} for number, row in numbered]
    return _write(made, f"{rows}-rows")


def long_rows(data: Path) -> Path:
    """Few examples, each with answers of many: cut to any length, all of them are of that length."""
    answers = cycle([row["output"] for row in _read(data)])
    made = []
    for row in _read(data)[:_LONG_ROWS]:
        answer = row["output"]
        while len(answer) < _LONG_CHARACTERS:
            answer += "\n" + next(answers)
        made.append(row | {"output": answer})
    return _write(made, "long-rows")


def _read(data: Path) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = json.loads(data.read_text(encoding="utf-8"))
    return rows


def _write(rows: list[dict[str, str]], name: str) -> Path:
    file = BUILD / "data" / f"{name}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(rows), encoding="utf-8")
    return file
