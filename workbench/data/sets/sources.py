"""Which datasets there are: the samples that ship with the project, the user's own, and files and folders by path."""

import difflib
import os
import re
from dataclasses import dataclass
from pathlib import Path

from workbench.config.names import is_id
from workbench.data.sets.originals import READABLE
from workbench.data.sets.samples import samples
from workbench.data.sets.versions import Version, versions
from workbench.errors import DataError

_MAX_FILES = 10_000
_MAX_ENTRIES = 100_000
_ID_ON_HUB = re.compile(r"\w[\w.-]*/\w[\w.-]*", re.ASCII)
_NAME_AT_VERSION = re.compile(r"(.+)@v?(\d{1,9})")


@dataclass(frozen=True)
class Dataset:
    """A dataset by name, in its latest version. Samples have no versions."""

    name: str
    files: tuple[Path, ...]
    versions: tuple[int, ...] = ()

    @property
    def version(self) -> int:
        return self.versions[-1] if self.versions else 0

    @property
    def is_sample(self) -> bool:
        return not self.versions


@dataclass(frozen=True)
class Found:
    """The files of a dataset, in their order, and what was changed in their rows.

    `reference` finds exactly the same again from any folder: a sample, NAME@VERSION, or an absolute path. `version`
    is 0 for all but sets of the user's own. `passed_over` names the files of a folder that are no data.
    """

    name: str
    reference: str
    files: tuple[Path, ...]
    changes: Path | None = None
    version: int = 0
    passed_over: tuple[str, ...] = ()


def list_datasets(root: Path) -> list[Dataset]:
    """The samples, then the user's own, each by name."""
    return [*(Dataset(name, (path,)) for name, path in samples().items()), *_own(root)]


def find(name_or_path: str, root: Path) -> Found:
    """A dataset by its name from the list, NAME@2 for a version of it, or else by the path of a file or a folder.

    Raises DataError with the nearest names.
    """
    found = find_set(name_or_path, root) or _at_path(name_or_path)
    if found:
        return found
    known = sorted(dataset.name for dataset in list_datasets(root))
    near = difflib.get_close_matches(name_or_path, known, n=3) or known[:5]
    hint = f"Did you mean {' or '.join(near)}?" if near else "Name a file."
    if _ID_ON_HUB.fullmatch(name_or_path):
        hint = f"If it is a set of the hub, fetch it first: python -m workbench fetch data {name_or_path}"
    raise DataError(f"There is no dataset and no file “{name_or_path}”.", hint)


def find_set(name: str, root: Path) -> Found | None:
    """A sample or a set of the user's own, never a file by its path.

    Raises DataError where the version of NAME@2 is missing.
    """
    return _sample(name) or _own_set(name, root)


def _own(root: Path) -> list[Dataset]:
    folders = sorted(path for path in (root / "data").glob("*") if is_id(path.name))
    listed = [versions(root, path.name) for path in folders]
    return [Dataset(of[-1].name, of[-1].files, tuple(version.number for version in of)) for of in listed if of]


def _sample(name: str) -> Found | None:
    path = samples().get(name)
    return Found(name, name, (path,)) if path else None


def _own_set(text: str, root: Path) -> Found | None:
    if is_id(text) and (own := versions(root, text)):
        return _version(own[-1])
    match = _NAME_AT_VERSION.fullmatch(text)
    if not match or not is_id(match[1]) or not (own := versions(root, match[1])):
        return None
    for version in own:
        if version.number == int(match[2]):
            return _version(version)
    told = ", ".join(f"{match[1]}@{version.number}" for version in own[-5:])
    raise DataError(f"“{match[1]}” has no version {match[2]}.", f"There is {told}.")


def _version(version: Version) -> Found:
    return Found(version.name, version.reference, version.files, version.changes, version.number)


def _at_path(text: str) -> Found | None:
    try:
        path = Path(text).expanduser()
        is_file, is_folder = path.is_file(), path.is_dir()
    except (OSError, RuntimeError):
        # No path at all: too long, or in the home folder of nobody.
        return None
    if is_file:
        return Found(path.stem, str(path.resolve()), (path.resolve(),))
    return _folder(path.resolve()) if is_folder and text else None


def _folder(folder: Path) -> Found:
    """Every file below that can be read as data; what is hidden, or lies behind a link, is not looked at."""
    files: list[Path] = []
    passed_over: list[str] = []
    for path in _files_below(folder):
        if path.suffix.lower() in READABLE:
            files.append(path)
        else:
            passed_over.append(str(path.relative_to(folder)))
    if not files:
        raise DataError(f"“{folder}” holds no file that can be read as data.", f"Use {', '.join(READABLE)}.")
    if len(files) > _MAX_FILES:
        raise _too_much(folder)
    return Found(folder.name, str(folder), tuple(files), passed_over=tuple(passed_over))


def _files_below(folder: Path) -> list[Path]:
    found: list[Path] = []
    seen = 0
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        inside = [Path(parent) / name for name in sorted(names) if not name.startswith(".")]
        found += [path for path in inside if not path.is_symlink() and path.is_file()]
        seen += len(folders) + len(names)
        if seen > _MAX_ENTRIES:
            raise _too_much(folder)
    return found


def _too_much(folder: Path) -> DataError:
    return DataError(f"“{folder}” holds more than {_MAX_FILES:,} files.", "Name a folder that holds your texts alone.")
