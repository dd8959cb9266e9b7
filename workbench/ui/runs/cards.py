"""The list of runs as the browser asks for it: found by words, in an order, and no more of it than is shown."""

import hashlib
import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from workbench.errors import RunError
from workbench.methods.table import METHODS
from workbench.runs.listing import live_run
from workbench.runs.queue import waiting
from workbench.ui import text_runs as text
from workbench.ui.line import describe_place
from workbench.ui.quantities import age
from workbench.ui.runs.shelf import Listed, Shelf

_MOST_SHOWN = 1000
_SPARK_POINTS = 40

ORDERS: dict[str, Callable[[Listed], Any]] = {
    "newest": lambda listed: 0,
    "name": lambda listed: str(listed.about.get("name", listed.run.id)).casefold(),
    "best": lambda listed: listed.best_loss,
    "size": lambda listed: -listed.bytes,
}
"""What each order of the list compares; what is equal stays with the newest first."""


@dataclass(frozen=True)
class Question:
    """What a page asks for, and which answer it has already."""

    words: str = ""
    sort: str = "newest"
    count: int = 15
    seen: str = ""


def read_question(arg: Any) -> Question:
    """Raises RunError for what no page asks."""
    kinds = {"words": str, "sort": str, "count": int, "seen": str}
    if not isinstance(arg, dict) or any(type(value) is not kinds.get(key) for key, value in arg.items()):
        raise RunError(text.NO_QUESTION, text.RELOAD)
    question = Question(**arg)
    if question.sort not in ORDERS or not 0 < question.count <= _MOST_SHOWN:
        raise RunError(text.NO_QUESTION, text.RELOAD)
    return question


def cards(shelf: Shelf, arg: Any) -> dict[str, Any]:
    """The answer to one poll; `same` if it is what the page has. Raises RunError."""
    question = read_question(arg)
    answer = shelf.look(lambda runs: _list(runs, question, shelf.root))
    state = hashlib.sha256(json.dumps([asdict(replace(question, seen="")), answer]).encode()).hexdigest()[:16]
    return {"state": state, "same": True} if state == question.seen else answer | {"state": state, "same": False}


def card(listed: Listed) -> dict[str, Any]:
    """One run at a glance."""
    about, status, curve, made_of = listed.about, listed.status, listed.curve, listed.facts
    method = METHODS.get(made_of.method)
    return {
        "id": listed.run.id,
        "name": about.get("name", listed.run.id),
        "note": about.get("note", ""),
        "phase": status.phase,
        "state": text.ORIGINS.get(listed.run.origin(), text.PHASES[status.phase]),
        "step": status.step,
        "steps": status.steps,
        "model": Path(made_of.model).name,
        "data": made_of.data,
        "method": method.label if method else made_of.method,
        "spark": _thinned([value for _, value in curve.points]),
        "loss": _short(curve.last[1]) if curve.last else None,
        "best": _short(curve.best[1]) if curve.best else None,
        "best_step": curve.best[0] if curve.best else None,
        "seconds": round(curve.seconds, 1),
        "bytes": listed.bytes,
        "started": age(time.time() - about.get("created", 0.0)),
        "problem": made_of.problem,
    }


def _list(runs: list[Listed], question: Question, root: Path) -> dict[str, Any]:
    line = [run.id for run in waiting(root)]
    found = [listed for listed in runs if listed.holds(question.words)] if question.words.strip() else runs
    ordered = sorted(found, key=ORDERS[question.sort])
    if line and question.sort == "newest":
        ordered = _next_first(ordered, line, root)
    return {
        "runs": [card(listed) | _place(listed, line) for listed in ordered[: question.count]],
        "found": len(found),
        "total": len(runs),
        "bytes": sum(listed.bytes for listed in runs),
    }


def _next_first(runs: list[Listed], line: list[str], root: Path) -> list[Listed]:
    """The run that trains and those that wait, in their order, before all others: moving one moves its row."""
    busy = live_run(root)
    ids = ([busy.id] if busy else []) + line
    ranks = {run_id: rank for rank, run_id in enumerate(ids)}
    return sorted(runs, key=lambda listed: ranks.get(listed.run.id, len(ids)))


def _place(listed: Listed, line: list[str]) -> dict[str, Any]:
    """What is said of a run that waits."""
    if listed.run.id not in line:
        return {}
    place = line.index(listed.run.id) + 1
    return {"state": describe_place(place, len(line)), "place": place, "waiting": len(line)}


def _thinned(values: list[float]) -> list[float]:
    step = max(1, -(-len(values) // _SPARK_POINTS))
    return [_short(value) for value in [*values[:-1:step], *values[-1:]]]


def _short(value: float) -> float:
    """Four digits are more than a small curve can show."""
    return float(f"{value:.4g}")
