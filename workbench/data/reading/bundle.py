"""A folder or a zip file as the data files in it; a zip file is unpacked only after all of it was looked at."""

import os
import shutil
import stat
import zipfile
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from workbench.data.reading.archive import MAX_MEMBERS, open_archive, read_chunks
from workbench.data.reading.read import SUFFIXES
from workbench.data.reading.records import Note, excerpt
from workbench.errors import DataError

_NAMED = 3
_MAX_NAME_BYTES = 200
_TAKE_OUT = "Take it out, and make the archive again."


@dataclass(frozen=True)
class Bundle:
    """The data files of a folder or a zip file in the order of their names, and what is to be said about the rest."""

    files: tuple[Path, ...]
    notes: tuple[Note, ...]


def is_bundle(path: Path) -> bool:
    """Whether `path` stands for the data files in it."""
    return path.is_dir() or path.suffix.lower() == ".zip"


def open_bundle(path: Path, staging: Path) -> Bundle:
    """The files in a folder where they lie, or those of a zip file, unpacked into the new folder `staging`.

    Raises DataError; there is no `staging` then.
    """
    if path.is_dir():
        return _of_folder(path)
    if not path.is_file():
        raise DataError(f"There is no file “{path}”.", "Check its name and its folder.")
    with ExitStack() as undo, open_archive(path) as archive:
        members = list_members(archive, path.name)
        readable = [name for name in members if _is_readable(name)]
        bundle = _bundle(path.name, staging, readable, [name for name in members if not _is_readable(name)])
        staging.mkdir(parents=True)
        undo.callback(shutil.rmtree, staging)
        for name in readable:
            _unpack(archive, members[name], staging / name)
        undo.pop_all()
        return bundle


def list_members(archive: zipfile.ZipFile, archive_name: str) -> dict[str, zipfile.ZipInfo]:
    """The files of an archive by their names, without those that programs add of their own. Raises DataError."""
    members: dict[str, zipfile.ZipInfo] = {}
    for member in archive.infolist():
        # Some programs write the separator of Windows.
        path = PurePosixPath(member.filename.replace("\\", "/"))
        name = path.as_posix()
        if fault := _fault(path, member):
            raise DataError(f"“{excerpt(name)}” in “{archive_name}” {fault}.", _TAKE_OUT)
        if member.is_dir() or any(part.startswith(".") or part == "__MACOSX" for part in path.parts):
            continue
        if name in members:
            raise DataError(f"“{excerpt(name)}” stands twice in “{archive_name}”.", _TAKE_OUT)
        members[name] = member
    for name in members:
        if any(parent.as_posix() in members for parent in PurePosixPath(name).parents):
            raise DataError(f"“{excerpt(name)}” in “{archive_name}” lies in a file.", _TAKE_OUT)
    return members


def _of_folder(folder: Path) -> Bundle:
    readable: list[str] = []
    skipped: list[str] = []
    # Links are followed neither here nor on the way down: they may lead anywhere, or round in a circle.
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(parent, name)
            if not name.startswith("."):
                is_data = _is_readable(name) and path.is_file() and not path.is_symlink()
                (readable if is_data else skipped).append(path.relative_to(folder).as_posix())
        if len(readable) > MAX_MEMBERS:
            raise DataError(f"“{folder.name}” holds more than {MAX_MEMBERS:,} files.", "Keep those that matter.")
    return _bundle(folder.name, folder, readable, skipped)


def _bundle(name: str, folder: Path, readable: list[str], skipped: list[str]) -> Bundle:
    if not readable:
        inside = f": it holds {_listed(skipped)}" if skipped else ""
        raise DataError(f"“{name}” holds no file that can be read as data{inside}.", f"Use {', '.join(SUFFIXES)}.")
    told = f"Of “{name}”, {_listed(skipped)} {'was' if len(skipped) == 1 else 'were'} not read as data."
    return Bundle(tuple(folder / file for file in sorted(readable)), (Note(told),) if skipped else ())


def _listed(names: list[str]) -> str:
    shown = ", ".join(f"“{excerpt(name)}”" for name in names[:_NAMED])
    return f"{shown} and {len(names) - _NAMED:,} more" if len(names) > _NAMED else shown


def _is_readable(name: str) -> bool:
    return PurePosixPath(name).suffix.lower() in SUFFIXES


def _fault(path: PurePosixPath, member: zipfile.ZipInfo) -> str:
    if not path.parts or path.is_absolute() or ".." in path.parts or ":" in path.parts[0]:
        return "leads out of the archive"
    name = path.as_posix()
    if not name.isprintable() or len(name.encode()) > _MAX_NAME_BYTES:
        return "has a name that no file may have"
    if stat.S_IFMT(member.external_attr >> 16) not in (0, stat.S_IFREG, stat.S_IFDIR):
        return "is a link or a device"
    return "is an archive in an archive" if path.suffix.lower() == ".zip" else ""


def _unpack(archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("xb") as file:
        for chunk in read_chunks(archive, member):
            file.write(chunk)
