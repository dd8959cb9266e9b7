"""What can go from a workspace, and letting it go: checkpoints of finished runs, the trash, prepared data."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from workbench.errors import RunError
from workbench.jobs.folder import JobFolder
from workbench.jobs.trash import destroy
from workbench.runs import trash
from workbench.runs.disk import freed_bytes, has_checkpoints, used_bytes
from workbench.runs.emptied import delete_checkpoints, deleted_checkpoints, undelete_checkpoints
from workbench.runs.run_dir import RunDir, all_runs

Kind = Literal["checkpoints", "trash", "cache"]


@dataclass(frozen=True)
class Removable:
    """Something that can go. Checkpoints go to the trash and can be brought back; the rest is gone for good."""

    kind: Kind
    bytes: int
    count: int
    """How many folders that are."""
    run: str = ""
    """The id of the run whose checkpoints these are."""
    name: str = ""

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.run}"

    @property
    def undoable(self) -> bool:
        return self.kind == "checkpoints"


@dataclass(frozen=True)
class Cleaned:
    """What has gone for good, and what went to the trash and takes its room until that is emptied."""

    freed_bytes: int
    moved_bytes: int
    runs: list[str]
    """Whose checkpoints went to the trash."""


def find_removable(root: Path) -> list[Removable]:
    """The largest checkpoints first, then trash and cache; nothing that takes no room."""
    emptied = sorted(_finished_checkpoints(root), key=lambda found: -found.bytes)
    found = [*emptied, _sum("trash", trash.places(root)), _sum("cache", prepared(root))]
    return [one for one in found if one.count]


def clean(root: Path, keys: Iterable[str]) -> Cleaned:
    """Let go what these keys name. Raises RunError for a run that does not let go of its checkpoints."""
    wanted = [found for found in find_removable(root) if found.key in set(keys)]
    freed = sum(found.bytes for found in wanted if not found.undoable)
    # The trash comes first: what goes there now can still be brought back.
    for found in wanted:
        if found.kind == "trash":
            trash.empty(root)
        elif found.kind == "cache":
            for folder in prepared(root):
                destroy(folder, root / "cache")
    runs = [found.run for found in wanted if found.kind == "checkpoints"]
    moved = sum(delete_checkpoints(RunDir.open(root, run)) for run in runs)
    return Cleaned(freed, moved, runs)


def restore(root: Path, run_id: str) -> str:
    """Bring a deleted run back, or else a run's deleted checkpoints; the answer says which. Raises RunError."""
    if not (root / "runs" / run_id).exists():
        return f"The run {trash.undelete(root, run_id).name} is back."
    run = RunDir.open(root, run_id)
    if not deleted_checkpoints(run):
        raise RunError(f"Nothing of {run.name} was deleted.", "Deleted runs and checkpoints are kept for a week.")
    undelete_checkpoints(run)
    return f"The checkpoints of {run.name} are back."


def prepared(root: Path) -> list[Path]:
    """Results of reading and counting that nobody makes just now. They are made again when they are needed."""
    return [path for path in (root / "cache").glob("[!.]*/*") if path.is_dir() and not JobFolder(path).is_alive()]


def _finished_checkpoints(root: Path) -> Iterator[Removable]:
    for run in all_runs(root):
        if run.stored_status().phase == "finished" and has_checkpoints(run):
            yield Removable("checkpoints", used_bytes(run.checkpoints_dir), 1, run.id, run.name)


def _sum(kind: Kind, folders: list[Path]) -> Removable:
    return Removable(kind, sum(freed_bytes(folder) for folder in folders), len(folders))
