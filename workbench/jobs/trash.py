"""Deleting: into a trash from where things come back for a week, and for good."""

import contextlib
import shutil
import time
from pathlib import Path

KEPT_SECONDS = 7 * 24 * 3600

_DOOMED = ".doomed-"


class Trash:
    """Of a folder of the workspace, the `area`: what is deleted there lies within it, by the time of its deletion."""

    def __init__(self, area: Path) -> None:
        self._area = area
        self._folder = area / ".trash"

    def take(self, thing: Path) -> None:
        """Take a file or folder out of its place, and give the room of what was deleted long ago back."""
        self._purge()
        place = self._folder / str(time.time_ns())
        place.mkdir(parents=True)
        thing.rename(place / thing.name)

    def holds(self, name: str) -> bool:
        return bool(self._find(name))

    def give_back(self, name: str) -> None:
        """Put the one of this name that was deleted last, and which it `holds`, where it was."""
        latest = self._find(name)[-1]
        latest.rename(self._area / name)
        latest.parent.rmdir()

    def places(self) -> list[Path]:
        """One for each deletion."""
        return list(self._folder.glob("*"))

    def _find(self, name: str) -> list[Path]:
        return sorted(self._folder.glob(f"*/{name}"), key=lambda path: int(path.parent.name))

    def _purge(self) -> None:
        for place in self.places():
            if is_old(int(place.name)):
                destroy(place, self._area)


def is_old(deleted_ns: int) -> bool:
    """Whether something was deleted so long ago that it need not be kept."""
    return time.time_ns() - deleted_ns > KEPT_SECONDS * 10**9


def destroy(folder: Path, area: Path) -> None:
    """Delete a folder for good. It leaves its place at once, so that a crash on the way leaves nothing half there."""
    # Another process may delete the same at this moment.
    with contextlib.suppress(FileNotFoundError):
        shutil.rmtree(folder.rename(area / f"{_DOOMED}{time.time_ns()}"))


def half_destroyed(area: Path) -> list[Path]:
    """What a crash left of folders that were to be deleted for good."""
    return list(area.glob(f"{_DOOMED}*"))
