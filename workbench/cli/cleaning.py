"""What takes room in the workspace, and giving it back."""

import argparse
from dataclasses import asdict

from workbench.cli.output import print_json
from workbench.runs import cleaning
from workbench.runs.cleaning import Removable
from workbench.runs.disk import total_bytes

_COLUMNS = "{:>12}  {}: {}"
_KINDS = {
    "checkpoints": ("checkpoints of {}", "to the trash, for a week"),
    "trash": ("trash ({} deleted)", "for good"),
    "cache": ("prepared data ({} results)", "for good; made again when needed"),
}


def clean(arguments: argparse.Namespace) -> int:
    """List what can go from the workspace; with --yes, let it go."""
    root = arguments.root
    found = cleaning.find_removable(root)
    told = {"total_bytes": total_bytes(root), "removable": [asdict(one) | {"undoable": one.undoable} for one in found]}
    if arguments.yes:
        told |= {"cleaned": asdict(cleaning.clean(root, [one.key for one in found]))}
    if arguments.json:
        return print_json(told)
    for one in found:
        words, how = _KINDS[one.kind]
        print(_COLUMNS.format(_megabytes(one.bytes), words.format(one.run or one.count), how))
    print(_conclude(found, arguments.yes))
    return 0


def restore(arguments: argparse.Namespace) -> int:
    """Bring a deleted run back, or the deleted checkpoints of a run."""
    print(cleaning.restore(arguments.root, arguments.run))
    return 0


def _conclude(found: list[Removable], is_done: bool) -> str:
    if not found:
        return "Nothing can go."
    size = _megabytes(sum(one.bytes for one in found))
    if not is_done:
        return f"{size} in all. `python -m workbench clean --yes` lets it go."
    moved = _megabytes(sum(one.bytes for one in found if one.undoable))
    return f"{size} are gone, of which {moved} to the trash: `python -m workbench restore RUN` brings them back."


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.1f} MB"
