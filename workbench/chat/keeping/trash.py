"""Conversations that were deleted: kept for a week, so that a deletion can be taken back."""

from pathlib import Path

from workbench.chat.keeping.conversations import alone, path_of
from workbench.errors import WorkbenchError
from workbench.jobs.trash import Trash


def delete(root: Path, conversation_id: str) -> None:
    """Take a conversation off the list, damaged or not."""
    path = path_of(root, conversation_id)
    with alone(root):
        if not path.exists():
            raise WorkbenchError("This conversation is gone already.", "Choose another one from the list.")
        Trash(path.parent).take(path)


def undelete(root: Path, conversation_id: str) -> None:
    """Bring back the conversation with this id."""
    path = path_of(root, conversation_id)
    with alone(root):
        if not Trash(path.parent).holds(path.name):
            raise WorkbenchError("This conversation cannot be brought back.", "Deleted ones are kept for a week.")
        Trash(path.parent).give_back(path.name)
