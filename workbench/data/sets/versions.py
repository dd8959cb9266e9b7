"""The versions of the user's own datasets: folders that are written whole or not at all, and never changed."""

import json
import re
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from workbench.config.names import check_id
from workbench.data.sets.originals import READABLE, Originals, place, sync, write
from workbench.data.sets.samples import samples
from workbench.errors import DataError
from workbench.jobs.files import read_json

CHANGES = "changes.jsonl"

_ORIGINALS, _ABOUT = "original", "about.json"
_STAGING = ".staging-"
_STALE_SECONDS = 24 * 3600


@dataclass(frozen=True)
class Made:
    """How a version came to be: typed, pasted, uploaded, hub, edited, corrected (in the chat) or restored.

    `source` is what it was made from, such as `shop@2`; `hub` says what was fetched.
    """

    how: str
    source: str = ""
    hub: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Version:
    """One version of a set: a folder ROOT/data/NAME/vNUMBER."""

    folder: Path
    number: int

    @property
    def name(self) -> str:
        return self.folder.parent.name

    @property
    def reference(self) -> str:
        """What finds exactly this version, such as `shop@2`."""
        return f"{self.name}@{self.number}"

    @property
    def files(self) -> tuple[Path, ...]:
        # Versions of earlier workbenches hold a single file, called original.jsonl or the like.
        inside = [*(self.folder / _ORIGINALS).glob("*"), *self.folder.glob(f"{_ORIGINALS}.*")]
        return tuple(sorted(path for path in inside if path.suffix in READABLE))

    @property
    def changes(self) -> Path | None:
        path = self.folder / CHANGES
        return path if path.exists() else None

    @property
    def made(self) -> Made:
        return Made(**(read_json(self.folder / _ABOUT).get("made") or {"how": "uploaded"}))

    @property
    def made_at(self) -> datetime:
        told = read_json(self.folder / _ABOUT).get("made_at")
        return datetime.fromisoformat(told) if told else datetime.fromtimestamp(self.folder.stat().st_mtime, UTC)


def save_version(root: Path, name: str, originals: Originals, made: Made, changes: str = "") -> Version:
    """Keep files as the next version of the set `name`; no version is ever overwritten.

    `changes` are the lines of `changes.jsonl`. Raises WorkbenchError for a name, DataError for a file, that cannot be.
    """
    check_name(name)
    with _staging(root / "data" / name) as staging:
        place(originals, staging / _ORIGINALS, root)
        about = {"made_at": datetime.now(UTC).isoformat(timespec="seconds"), "made": asdict(made)}
        write(staging / _ABOUT, (json.dumps(about, ensure_ascii=False, indent=1) + "\n").encode())
        if changes:
            write(staging / CHANGES, changes.encode())
        return _publish(staging)


def check_name(name: str) -> None:
    """Raises WorkbenchError for what a set of the user's cannot be called."""
    check_id(name, "name of a dataset")
    if name in samples():
        raise DataError(f"“{name}” is the name of a sample.", "Choose another name.")


def versions(root: Path, name: str) -> list[Version]:
    """All versions of a set, the latest last; none if there is no such set."""
    folder = root / "data" / check_id(name, "name of a dataset")
    found = [] if folder.is_symlink() else [Version(path, number) for number, path in _numbered(folder)]
    return [version for version in found if version.files]


def restore(root: Path, name: str, number: int) -> Version:
    """Make an old version the latest, as a new one."""
    for version in versions(root, name):
        if version.number == number:
            changes = version.changes.read_text(encoding="utf-8") if version.changes else ""
            return save_version(root, name, as_originals(version.files), Made("restored", version.reference), changes)
    raise DataError(f"“{name}” has no version {number}.", "Choose one from its list of versions.")


def as_originals(files: tuple[Path, ...]) -> Originals:
    return {path.name: path for path in files}


def _numbered(folder: Path) -> list[tuple[int, Path]]:
    """The folders of versions, finished or not, in their order."""
    matches = ((re.fullmatch(r"v(\d{1,9})", path.name), path) for path in folder.glob("v*"))
    return sorted((int(match[1]), path) for match, path in matches if match)


@contextmanager
def _staging(folder: Path) -> Iterator[Path]:
    """A folder beside the versions to fill; whatever fails, nothing of it stays, but a kill can leave it behind."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob(f"{_STAGING}*"):
        # Another writer may have published it by now.
        with suppress(FileNotFoundError):
            if time.time() - old.stat().st_mtime > _STALE_SECONDS:
                shutil.rmtree(old)
    staging = Path(tempfile.mkdtemp(prefix=_STAGING, dir=folder))
    try:
        yield staging
    finally:
        if staging.exists():
            shutil.rmtree(staging)


def _publish(staging: Path) -> Version:
    sync(staging)
    folder = staging.parent
    number = max((number for number, _ in _numbered(folder)), default=0)
    while True:
        number += 1
        try:
            # Onto a folder that holds something this fails, so that of two writers each gets a version.
            staging.rename(folder / f"v{number}")
        except OSError:
            if (folder / f"v{number}").exists():
                continue
            raise
        sync(folder)
        return Version(folder / f"v{number}", number)
