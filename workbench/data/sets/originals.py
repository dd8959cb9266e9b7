"""The files of a version, kept as they came, below names that are safe."""

import os
import re
import shutil
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path

from workbench.data.reading.read import SUFFIXES
from workbench.errors import DataError

Originals = Mapping[str, bytes | Path]
"""What each file is called, and its content or where it lies now."""

READABLE = tuple(dict.fromkeys([*SUFFIXES, ".zip"]))

_MAX_STEM_CHARACTERS = 50


def place(originals: Originals, folder: Path, root: Path) -> None:
    """Put the files into a new folder, and have them on the disk. Raises DataError for what cannot be read as data."""
    if not originals:
        raise DataError("There is no file in it.", "Choose at least one.")
    folder.mkdir()
    for name, content in zip(safe_names(originals), originals.values(), strict=True):
        _place(content, folder / name, root)
    sync(folder)


def safe_names(names: Iterable[str]) -> list[str]:
    """The names as files of ours: no folders, no blanks, no control characters, none twice."""
    taken: set[str] = set()
    safe = []
    for name in names:
        stem, suffix = _split(name)
        unique, number = stem, 1
        while (unique + suffix).lower() in taken:
            number += 1
            unique = f"{stem}-{number}"
        taken.add((unique + suffix).lower())
        safe.append(unique + suffix)
    return safe


def write(path: Path, content: bytes) -> None:
    """Write a new file and have it on the disk."""
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def sync(path: Path) -> None:
    """Have a file or the names in a folder on the disk, so that a power cut does not lose them."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _split(name: str) -> tuple[str, str]:
    """A safe stem, and the ending in small letters. Raises DataError unless the ending is one that can be read."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    stem, dot, ending = last.rpartition(".")
    suffix = f"{dot}{ending}".lower()
    if not dot or suffix not in READABLE:
        kind = f"A “{suffix[:20]}” file" if dot else "A file without an ending"
        raise DataError(f"{kind} cannot be read as data.", f"Use one of {', '.join(READABLE)}.")
    safe = re.sub(r"[^\w.-]+", "-", stem).strip(".-_")[:_MAX_STEM_CHARACTERS]
    return safe or "data", suffix


def _place(content: bytes | Path, target: Path, root: Path) -> None:
    if isinstance(content, bytes):
        write(target, content)
    elif _is_ours(content, root):
        _link(content, target)
    else:
        _copy(content, target)


def _is_ours(path: Path, root: Path) -> bool:
    """Whether nobody but the workbench writes there, so that two versions may share one file."""
    return path.is_relative_to(root / "data") or path.is_relative_to(root / "downloads")


def _link(path: Path, target: Path) -> None:
    try:
        os.link(path, target)
    except OSError:
        # Some file systems have no second names for a file.
        _copy(path, target)


def _copy(path: Path, target: Path) -> None:
    try:
        shutil.copyfile(path, target)
    except FileNotFoundError:
        raise DataError(f"There is no file “{path.name}” any more.", "Choose it again.") from None
    sync(target)
