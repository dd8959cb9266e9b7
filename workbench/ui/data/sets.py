"""What the Data tab does to sets: rows that are edited, versions that come back, sets that go and come back."""

from pathlib import Path
from typing import Any

from workbench.data.sets import trash, versions
from workbench.data.sets.changes import Change
from workbench.data.sets.edits import save_changes
from workbench.errors import DataError
from workbench.ui import text_data as text
from workbench.ui.data.desk import Desk

_MOST_CHANGES = 10_000


def save_rows(desk: Desk, settings: Any, changes: Any) -> dict[str, Any]:
    """Keep edited rows as a new version; the answer tells which. Raises DataError for what no row can be."""
    choice = desk.choose(settings)
    if choice is None or not isinstance(changes, list) or not 0 < len(changes) <= _MOST_CHANGES:
        raise DataError(text.NO_CHANGES, text.CHOOSE_ROW)
    version = save_changes(desk.root, choice.found.reference, [Change.from_json(change) for change in changes])
    return {"set": version.name, "version": version.number}


def change_set(root: Path, action: str, name: str, number: int) -> dict[str, Any]:
    """Delete a set, bring it back, or bring a version of it back as the newest. Raises DataError."""
    if action == "delete":
        trash.delete(root, name)
    elif action == "undelete":
        trash.undelete(root, name)
    elif action == "restore":
        version = versions.restore(root, name, number)
        return {"set": version.name, "version": version.number}
    else:
        raise DataError(text.NO_ACTION.format(action), text.CHOOSE_SET)
    return {"set": name}
