"""Better answers, written in the chat, as a set to train on again: each one a new version, in a file of its own."""

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench.chat.keeping.soundness import mend
from workbench.chat.protocol import Turn
from workbench.data.sets import weights
from workbench.data.sets.versions import Made, Version, as_originals, check_name, save_version, versions
from workbench.errors import DataError
from workbench.jobs.queue import Lock
from workbench.runs.run_dir import RunDir

FILE = "corrections-from-chat.jsonl"
"""What the file is called, beside whatever else the set holds."""

_LONGEST_NAME = 64


@dataclass(frozen=True)
class Correction:
    """What an answerer had read, the question last, and how it should have answered."""

    turns: tuple[Turn, ...]
    answer: str

    def row(self) -> dict[str, list[Turn]]:
        """As an example. Raises DataError for what is none."""
        if not self.answer.strip():
            raise DataError("There is no better answer yet.", "Write how it should have answered.")
        if not self.turns or self.turns[-1]["role"] != "user":
            raise DataError("There is no question to this answer.", "Ask something first.")
        turns = [*self.turns, {"role": "assistant", "content": self.answer}]
        return {"messages": [{"role": turn["role"], "content": mend(turn["content"])} for turn in turns]}


def usual_set(run: RunDir) -> str:
    """The set that corrections of a run's answers go to, if no other is chosen."""
    return f"corrections-{run.id}"[:_LONGEST_NAME].rstrip(".-_")


def add_correction(root: Path, name: str, correction: Correction) -> int:
    """Add one to a set, which becomes a new version, and say how many it holds now. The same question replaces.

    Raises DataError for a set that cannot be, or what is no correction.
    """
    check_name(name)
    row = correction.row()
    with _alone(root):
        latest = next(reversed(versions(root, name)), None)
        lines = _lines(latest)
        place = next((place for place, line in enumerate(lines) if _asks_the_same(line, row)), len(lines))
        lines[place : place + 1] = [json.dumps(row)]
        content = "".join(f"{line}\n" for line in lines)
        originals = {**as_originals(latest.files if latest else ()), FILE: content.encode()}
        changes = _changes(latest, sorted(originals), place + 1)
        added = save_version(root, name, originals, Made("corrected", latest.reference if latest else ""), changes)
    return _count(added)


def count_corrections(root: Path, name: str) -> int:
    """How many a set holds, but for those that were left out again."""
    latest = next(reversed(versions(root, name)), None)
    return _count(latest) if latest else 0


def settings_with(run: RunDir, name: str) -> dict[str, Any]:
    """The settings of the data for a run that learns the corrections beside what `run` learned from."""
    asked = run.asked().data
    if run.origin() != "trained":
        return {"data.path": name, "data.weights": ""}
    if _set_of(asked.path) == name:
        return {"data.path": name}
    told = weights.parse(asked.weights)
    others = {known: weight for known, weight in told.items() if _set_of(known) != name}
    mixed = others | {name: next((weight for known, weight in told.items() if _set_of(known) == name), 1.0)}
    return {"data.weights": ", ".join(f"{known}: {weight:g}" for known, weight in mixed.items())}


@contextmanager
def _alone(root: Path) -> Iterator[None]:
    """Of two who correct at once, the later one goes on from what the earlier wrote."""
    with closing(Lock(root / "data" / ".corrections.lock")) as lock:
        lock.wait()
        yield


def _lines(latest: Version | None) -> list[str]:
    """The corrections so far, as they stand in their file."""
    path = next((path for path in latest.files if path.name == FILE), None) if latest else None
    return _split(path) if path else []


def _split(path: Path) -> list[str]:
    # Not `splitlines`, which also breaks a line within a text.
    return [line for line in path.read_text(encoding="utf-8").split("\n") if line]


def _asks_the_same(line: str, row: dict[str, list[Turn]]) -> bool:
    return bool(json.loads(line)["messages"][:-1] == row["messages"][:-1])


def _changes(latest: Version | None, names: list[str], replaced_line: int) -> str:
    """What was changed by hand in other rows, which are known by their file's place: that may be another one now."""
    if latest is None or latest.changes is None:
        return ""
    before = [path.name for path in latest.files]
    rows = map(json.loads, _split(latest.changes))
    others = [row for row in rows if (before[row["part"]], row["line"]) != (FILE, replaced_line)]
    moved = [row | {"part": names.index(before[row["part"]])} for row in others]
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in moved)


def _count(version: Version) -> int:
    names = [path.name for path in version.files]
    if FILE not in names:
        return 0
    changes = map(json.loads, _split(version.changes) if version.changes else [])
    left_out = [row for row in changes if row["part"] == names.index(FILE) and row.get("excluded")]
    return len(_lines(version)) - len(left_out)


def _set_of(reference: str) -> str:
    """`shop@2` is a version of `shop`."""
    return reference.partition("@")[0]
