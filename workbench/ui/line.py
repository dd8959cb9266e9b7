"""Where a run stands among those that wait for the training slot, in words."""

from pathlib import Path

from workbench.runs.listing import live_run
from workbench.runs.queue import waiting
from workbench.runs.run_dir import RunDir
from workbench.ui import text_runs as text
from workbench.ui.quantities import ordinal

_LONGEST_NAME = 24


def ahead_of(run: RunDir | None, root: Path) -> list[RunDir]:
    """The run that trains and those that wait before this one; before a new one, if that is None."""
    busy, line = live_run(root), waiting(root)
    ids = [other.id for other in line]
    before = line[: ids.index(run.id)] if run and run.id in ids else line
    return ([busy] if busy else []) + before


def describe_place(place: int, count: int) -> str:
    """ "waiting, 2nd of 3" """
    return text.PLACE.format(place=ordinal(place), count=count) if count > 1 else text.NEXT


def describe_wait(run: RunDir) -> str:
    """ "2nd in line, after pirate-1." """
    ids = [other.id for other in waiting(run.root)]
    if run.id not in ids:
        return ""
    before = ahead_of(run, run.root)
    told = text.IN_LINE.format(ordinal(ids.index(run.id) + 1)) if len(ids) > 1 else text.NEXT_IN_LINE
    return f"{told}, {text.AFTER.format(before[-1].name)}." if before else f"{told}."


def describe_start(root: Path) -> str:
    """What the Start button says while others train or wait; "" if a new run would start at once."""
    before = ahead_of(None, root)
    if not before:
        return ""
    name = before[0].name
    short = name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"
    told = text.START_WAITS.format(short)
    return told if len(before) == 1 else f"{told} {text.AND_MORE.format(len(before) - 1)}"
