"""Changing single rows: each change makes a new version, over the same files."""

import itertools
from collections.abc import Iterable
from pathlib import Path

from workbench.config.names import slug
from workbench.data.sets.changes import Change, load
from workbench.data.sets.sources import Found, find
from workbench.data.sets.versions import Made, Version, as_originals, save_version, versions
from workbench.errors import DataError


def save_changes(root: Path, reference: str, changes: Iterable[Change], name: str = "") -> Version:
    """Make a new version of a set in which some rows are changed or left out.

    A sample, or a file by its path, becomes a set of one's own first, called `name` or else after it. Raises DataError
    for rows that cannot be learned from.
    """
    changes = list(changes)
    for change in changes:
        change.check()
    found = find(reference, root)
    merged = load(found.changes).merged(changes)
    name = name or _name_for(found, root)
    made = Made("edited", Path(found.reference).name)
    return save_version(root, name, as_originals(found.files), made, merged.to_jsonl())


def _name_for(found: Found, root: Path) -> str:
    """The set itself; for what is no set yet, a name that is free."""
    if found.version:
        return found.name
    if len(found.files) > 1:
        raise DataError(f"“{found.name}” is a folder, whose rows cannot be edited.", "Make a set of its files first.")
    name = f"{slug(found.name)}-edited"
    names = itertools.chain([name], (f"{name}-{number}" for number in itertools.count(2)))
    return next(free for free in names if not versions(root, free))
