"""How often each file is seen: the setting `data.weights`, and the files that it leads to."""

import difflib
from dataclasses import dataclass, replace
from pathlib import Path

from workbench.data.sets.sources import Found, find_set, list_datasets
from workbench.errors import SettingError

MAX_WEIGHT = 100.0

_SETTING = "data.weights"
_RANGE = f"Use more than 0, up to {MAX_WEIGHT:.0f}, with a point: 0.5."
_HINT = "Write names with numbers, such as “shop: 2, haiku: 0.5”."


@dataclass(frozen=True)
class Part:
    """One file to read. `place` is its place within the set that it belongs to, where `changes` know it by."""

    path: Path
    name: str
    reference: str
    place: int
    weight: float = 1.0
    changes: Path | None = None


def parse(text: str) -> dict[str, float]:
    """The weights by name. Raises SettingError for the first that is none."""
    weights: dict[str, float] = {}
    for item in filter(None, (item.strip() for item in text.split(","))):
        name, colon, number = (part.strip() for part in item.rpartition(":"))
        if not colon or not name:
            raise SettingError(_SETTING, f"“{item}” is no name with its weight.", _HINT)
        if name in weights:
            raise SettingError(_SETTING, f"“{name}” has two weights.", "Keep one of them.")
        weights[name] = _weight(item, number)
    return weights


def parts(found: Found, weights: dict[str, float], root: Path) -> list[Part]:
    """The files to read, in their order, each with its weight; sets that only the weights name are mixed in at the end.

    A name is that of a file, with or without its ending, or that of a set, but no path: settings come from the page as
    well. Raises SettingError for any other.
    """
    listed = _parts(found, 1.0)
    known = {key for part in listed for key in _keys(part)} | {found.name, found.reference}
    weighed = [replace(part, weight=_weight_of(part, found, weights)) for part in listed]
    for name, weight in weights.items():
        if name not in known:
            weighed += _parts(_mixed_in(name, root, known), weight)
    return weighed


def _weight(item: str, number: str) -> float:
    try:
        weight = float(number)
    except ValueError:
        raise SettingError(_SETTING, f"“{item}” has no number for its weight.", _HINT) from None
    if not 0 < weight <= MAX_WEIGHT:
        raise SettingError(_SETTING, f"The weight in “{item}” cannot be.", _RANGE)
    return weight


def _parts(found: Found, weight: float) -> list[Part]:
    return [
        Part(path, _name(path, found), found.reference, place, weight, found.changes)
        for place, path in enumerate(found.files)
    ]


def _name(path: Path, found: Found) -> str:
    """In a folder, from the folder on: files in several folders may be called the same."""
    folder = Path(found.reference)
    return path.relative_to(folder).as_posix() if folder in path.parents else path.name


def _keys(part: Part) -> tuple[str, ...]:
    return part.name, part.path.name, part.path.stem


def _weight_of(part: Part, found: Found, weights: dict[str, float]) -> float:
    """What is said of the file itself goes before what is said of its set."""
    names = (*_keys(part), found.reference, found.name)
    return next((weights[name] for name in names if name in weights), 1.0)


def _mixed_in(name: str, root: Path, known: set[str]) -> Found:
    if found := find_set(name, root):
        return found
    names = sorted(known | {dataset.name for dataset in list_datasets(root)})
    near = difflib.get_close_matches(name, names, n=1) or names[:8]
    raise SettingError(
        _SETTING, f"There is no file and no set “{name}” to weigh.", f"Did you mean {' or '.join(near)}?"
    )
