"""What stands in the typing grid and is not saved yet, so that neither a reload nor a crash loses a word of it."""

from dataclasses import asdict, dataclass
from pathlib import Path

from workbench.jobs.files import read_json, write_json


@dataclass(frozen=True)
class Draft:
    """The name of the set to be, and its rows of cells."""

    name: str = ""
    rows: tuple[tuple[str, ...], ...] = ()


def load(root: Path) -> Draft:
    """The draft of this workspace, empty if there is none."""
    stored = read_json(_path(root))
    return Draft(stored.get("name", ""), tuple(tuple(row) for row in stored.get("rows", ())))


def save(root: Path, draft: Draft) -> None:
    _path(root).parent.mkdir(parents=True, exist_ok=True)
    write_json(_path(root), asdict(draft))


def clear(root: Path) -> None:
    _path(root).unlink(missing_ok=True)


def _path(root: Path) -> Path:
    return root / "data" / ".draft.json"
