"""Conversations that were deleted: kept for a week, so that a deletion can be taken back."""

import shutil
import time
from pathlib import Path

from workbench.chat.keeping.conversations import alone, path_of
from workbench.errors import WorkbenchError

_KEPT_SECONDS = 7 * 24 * 3600


def delete(root: Path, conversation_id: str) -> None:
    """Take a conversation off the list, damaged or not."""
    path = path_of(root, conversation_id)
    with alone(root):
        if not path.exists():
            raise WorkbenchError("This conversation is gone already.", "Choose another one from the list.")
        _purge(root)
        place = _trash(root) / str(time.time_ns())
        place.mkdir(parents=True)
        path.rename(place / path.name)


def undelete(root: Path, conversation_id: str) -> None:
    """Bring back the conversation with this id."""
    path = path_of(root, conversation_id)
    with alone(root):
        deleted = sorted(_trash(root).glob(f"*/{path.name}"), key=lambda found: int(found.parent.name))
        if not deleted:
            raise WorkbenchError("This conversation cannot be brought back.", "Deleted ones are kept for a week.")
        deleted[-1].rename(path)
        deleted[-1].parent.rmdir()


def _trash(root: Path) -> Path:
    return root / "conversations" / ".trash"


def _purge(root: Path) -> None:
    """Give the room of what was deleted long ago back."""
    for place in _trash(root).glob("*"):
        if time.time_ns() - int(place.name) > _KEPT_SECONDS * 10**9:
            shutil.rmtree(place)
