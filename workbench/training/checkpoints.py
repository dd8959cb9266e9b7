"""Checkpoints that are either complete or absent, and verified before they are trusted.

A checkpoint is staged under another name, hashed, flushed to the disk and renamed. Order is by step, never by time.
There is no pickle in it: tensors are safetensors, the rest is JSON.
"""

import hashlib
import json
import logging
import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

from workbench.jobs.files import write_json
from workbench.training.room import NextCheckpoint

_MANIFEST = "MANIFEST.json"
_PREFIX = "step-"
_BEST_PREFIX = "best-"
_ASIDE = ".damaged"
_STAGING = ".staging-"

SETTINGS = "settings.json"
"""In the folder of a checkpoint: the settings it was made with, by their dotted names."""

BEST = "best.json"
"""In the folder of an adapter that is not the last state of its run: the step it is of."""

_log = logging.getLogger(__name__)


class Checkpoints:
    """The checkpoints of one run; `beside` are text files that go with each, by name."""

    def __init__(self, folder: Path, keep: int, beside: Mapping[str, str], room: NextCheckpoint | None = None) -> None:
        self._room = room or NextCheckpoint(folder.parent)
        self._folder = folder
        self._keep = keep
        self._beside = beside

    def save(self, step: int, write: Callable[[Path], None]) -> Path:
        """Let `write` fill a staging folder, then give it its name, then drop the oldest."""
        final = self._folder / f"{_PREFIX}{step}"

        def write_all(staging: Path) -> None:
            write(staging)
            for name, text in self._beside.items():
                (staging / name).write_text(text, encoding="utf-8")

        with self._room.lent():
            publish(final, write_all)
        self.drop_oldest()
        self._room.learn_from(final)
        return final

    def drop_oldest(self) -> None:
        """Leave as many as are to be kept. A save that was broken off may have left one more."""
        for old in by_step(self._folder)[: -self._keep]:
            _destroy(old)

    def hold_room(self) -> None:
        """Hold room for the next checkpoint, if it is not held. Raises OSError where there is not so much."""
        self._room.hold()

    def save_best(self, step: int, write: Callable[[Path], None]) -> None:
        """Keep the adapter of a step apart from those that make room for newer ones."""

        def write_all(staging: Path) -> None:
            write(staging)
            write_json(staging / BEST, {"step": step})

        publish(self._folder / f"{_BEST_PREFIX}{step}", write_all)

    def best(self, step: int) -> Path | None:
        """The adapter that was kept of a step, if it is as it was written."""
        folder = self._folder / f"{_BEST_PREFIX}{step}"
        return folder if damage(folder) is None else None

    def drop_bests_but(self, step: int) -> None:
        """To be called after a save: a resume from before it may still need an earlier one."""
        for folder in self._folder.glob(f"{_BEST_PREFIX}*"):
            if folder.name != f"{_BEST_PREFIX}{step}":
                _destroy(folder)

    def newest_valid(self) -> Path | None:
        """The latest checkpoint whose files are all as they were written; damaged ones are set aside."""
        for folder in reversed(by_step(self._folder)):
            damaged = damage(folder)
            if damaged is None:
                return folder
            _log.warning("Checkpoint %s is damaged (%s) and is not used.", folder.name, damaged)
            aside = folder.with_name(f"{folder.name}{_ASIDE}")
            if aside.exists():
                _destroy(aside)
            folder.rename(aside)
        return None

    def tell_damaged(self, used_step: int) -> str:
        """A sentence on the checkpoints after `used_step` that were set aside; empty if there are none."""
        aside = sorted(self._folder.glob(f"{_PREFIX}*{_ASIDE}"), key=_step_aside)
        named = [f"{_step_aside(path)} is damaged ({damage(path)})" for path in aside if _step_aside(path) > used_step]
        return f"Checkpoint {', '.join(named)}, so it goes on from {used_step}." if named else ""


def sweep(folder: Path) -> None:
    """Remove what a killed process left behind of folders that it was publishing or removing."""
    for leftover in folder.glob(f"{_STAGING}*"):
        shutil.rmtree(leftover)


def by_step(folder: Path) -> list[Path]:
    """The checkpoints in a folder, the oldest first."""
    found = [path for path in folder.glob(f"{_PREFIX}*") if path.name.removeprefix(_PREFIX).isdigit()]
    return sorted(found, key=step_of)


def newest_step(folder: Path) -> int:
    """The step of the newest checkpoint in a folder, 0 if there is none."""
    return max(map(step_of, by_step(folder)), default=0)


def step_of(checkpoint: Path) -> int:
    return int(checkpoint.name.removeprefix(_PREFIX))


def publish(final: Path, write: Callable[[Path], object]) -> None:
    """A folder with a manifest, complete or absent. An older one of the same name is replaced."""
    staging = final.with_name(f"{_STAGING}{final.name}-{os.getpid()}")
    shutil.rmtree(staging, ignore_errors=True)
    staging.mkdir()
    try:
        write(staging)
        write_json(staging / _MANIFEST, {"files": _hashes(staging)})
        for path in [*staging.rglob("*"), staging]:
            _flush(path)
        _swap_in(staging, final)
    finally:
        shutil.rmtree(staging, ignore_errors=True)  # still there only after a failure, when a full disk needs the room


def copy_files(folder: Path, target: Path) -> None:
    """The files that the manifest lists, and nothing that was put beside them."""
    for name in _listed(folder):
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(folder / name, target / name)


def damage(folder: Path) -> str | None:
    """The first file that is missing or not as the manifest says; None if all is well."""
    listed = _listed(folder)
    if not listed:
        return _MANIFEST
    return next((name for name, digest in listed.items() if not _is_as_written(folder, name, digest)), None)


def _swap_in(staging: Path, final: Path) -> None:
    old = final.with_name(f"{_STAGING}old-{final.name}")
    if final.exists():
        final.rename(old)
    staging.rename(final)
    _flush(final.parent)
    shutil.rmtree(old, ignore_errors=True)


def _destroy(folder: Path) -> None:
    """Renamed first, so that a crash on the way leaves no half checkpoint."""
    shutil.rmtree(folder.rename(folder.with_name(f"{_STAGING}old-{folder.name}")))


def _step_aside(folder: Path) -> int:
    number = folder.name.removeprefix(_PREFIX).removesuffix(_ASIDE)
    return int(number) if number.isdigit() else 0


def _listed(folder: Path) -> dict[str, str]:
    """The digest of each file by its name; empty where there is no manifest that says so."""
    try:
        listed = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))["files"]
    except (OSError, ValueError, LookupError, TypeError):
        return {}
    return listed if isinstance(listed, dict) else {}


def _is_as_written(folder: Path, name: str, digest: object) -> bool:
    """A name that leads out of the folder is none of its files."""
    path = folder / name
    try:
        return path.resolve().is_relative_to(folder.resolve()) and _sha256(path) == digest
    except OSError:
        return False


def _hashes(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != _MANIFEST)
    return {str(path.relative_to(folder)): _sha256(path) for path in files}


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
