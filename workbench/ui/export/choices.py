"""What there is to choose: runs that have a result, and the forms in which one of them can be taken away."""

import time
from pathlib import Path
from typing import Any

from workbench.chat.questions import answering_runs
from workbench.errors import WorkbenchError
from workbench.export.targets import TARGETS, Target
from workbench.methods.table import METHODS
from workbench.runs.listing import facts
from workbench.runs.run_dir import RunDir
from workbench.ui import text_export as text
from workbench.ui.export.author import tell_author
from workbench.ui.quantities import age, file_size

Answer = dict[str, Any]

_MOST_LISTED = 200


def tell_choices(root: Path, run_id: str) -> Answer:
    """Of the run with this id, or of the newest where that has no result; `run` is empty where there is none at all."""
    runs = {run.id: run for run in answering_runs(root)}
    run = runs.get(run_id) or next(iter(runs.values()), None)
    if run is None:
        return {"run": "", "runs": []}
    listed = {run.id: run} | dict(list(runs.items())[:_MOST_LISTED])
    return {
        "run": run.id,
        "runs": [{"id": one.id, "name": one.name} for one in runs.values() if one.id in listed],
        "about": _describe(run),
        "author": tell_author(run),
        "groups": [{"label": label, "targets": _tell_group(run, name)} for name, label in text.PURPOSES.items()],
    }


def _describe(run: RunDir) -> str:
    made_of = facts(run)
    method = METHODS.get(made_of.method)
    when = age(time.time() - run.about().get("created", 0.0))
    return text.RUN.format(method=method.label if method else made_of.method, model=Path(made_of.model).name, age=when)


def _tell_group(run: RunDir, purpose: str) -> list[Answer]:
    return [_tell(run, name) for name in TARGETS if text.TARGETS[name].purpose == purpose]


def _tell(run: RunDir, name: str) -> Answer:
    """One target; `reason` says why the run cannot be taken away so, "" if it can."""
    target = TARGETS[name]
    told = {"name": name, "label": target.label, "use": text.TARGETS[name].use}
    try:
        target.check(run)
        return told | {"reason": "", "size": _size(target, run), "numbers": _tell_numbers(target, run)}
    except WorkbenchError as error:
        return told | {"reason": str(error), "size": "", "numbers": []}


def _tell_numbers(target: Target, run: RunDir) -> list[Answer]:
    return [
        {"name": numbers, "size": _size(target, run, numbers), "words": text.NUMBERS[numbers]}
        for numbers in target.numbers
    ]


def _size(target: Target, run: RunDir, numbers: str = "") -> str:
    """With the usual number format, if none is told."""
    asked = numbers or next(iter(target.numbers), "")
    return text.ABOUT.format(file_size(target.size_bytes(run, asked) / 1e6))
