"""Which datasets there are: the samples that ship with the project, and the user's own, in versions."""

import difflib
import os
import re
from dataclasses import dataclass
from pathlib import Path

from workbench.config.names import check_id
from workbench.data.reading.read import SUFFIXES
from workbench.errors import DataError

SAMPLES = Path(__file__).parents[3] / "presets" / "data"

_STEM = "original"


@dataclass(frozen=True)
class Dataset:
    """A dataset by name; samples have no versions, their `version` is 0."""

    name: str
    path: Path
    version: int = 0

    @property
    def is_sample(self) -> bool:
        return self.version == 0


def list_datasets(root: Path) -> list[Dataset]:
    """The samples, then the user's own in their latest versions, each by name."""
    return _samples() + _own(root)


def find(name_or_path: str, root: Path) -> Path:
    """The file of a dataset: a name from the list, or else a path. Raises DataError with the nearest names."""
    known = {dataset.name: dataset.path for dataset in list_datasets(root)}
    if name_or_path in known:
        return known[name_or_path]
    if path := _file(name_or_path):
        return path
    near = difflib.get_close_matches(name_or_path, known, n=3) or sorted(known)[:5]
    names = f"Did you mean {' or '.join(near)}?" if near else "Name a file."
    raise DataError(f"There is no dataset and no file “{name_or_path}”.", names)


def save_version(root: Path, name: str, content: bytes, suffix: str) -> Path:
    """Keep a file as the next version of the user's dataset `name`; no version is ever overwritten."""
    check_id(name, "name of a dataset")
    if name in {dataset.name for dataset in _samples()}:
        raise DataError(f"“{name}” is the name of a sample.", "Choose another name.")
    if suffix not in SUFFIXES:
        raise DataError(f"A “{suffix}” file cannot be read as data.", f"Use one of {', '.join(SUFFIXES)}.")
    path = _claim_version(root / "data" / name) / f"{_STEM}{suffix}"
    staging = path.with_name(f".{path.name}.{os.getpid()}")
    with staging.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    staging.rename(path)
    return path


def _file(text: str) -> Path | None:
    try:
        path = Path(text).expanduser()
        return path if path.is_file() else None
    except (OSError, RuntimeError):
        # No path at all: too long, or in the home folder of nobody.
        return None


def _samples() -> list[Dataset]:
    files = [path for path in SAMPLES.glob("*") if path.suffix in SUFFIXES]
    return [
        Dataset(path.stem, path)
        for path in sorted(files)
        if not path.stem.endswith("-heldout") and path.stem.upper() != "README"
    ]


def _own(root: Path) -> list[Dataset]:
    folders = sorted(folder for folder in (root / "data").glob("*") if folder.is_dir() and not folder.is_symlink())
    latest = [max(_versions(folder), default=None) for folder in folders]
    return [Dataset(path.parents[1].name, path, version) for version, path in filter(None, latest)]


def _versions(folder: Path) -> list[tuple[int, Path]]:
    """The versions that hold a file: one that was being written when the power went has none."""
    found = []
    for path in folder.glob(f"v*/{_STEM}.*"):
        if (match := re.fullmatch(r"v(\d+)", path.parent.name)) and path.suffix in SUFFIXES:
            found.append((int(match[1]), path))
    return found


def _claim_version(folder: Path) -> Path:
    version = max((number for number, _ in _versions(folder)), default=0)
    while True:
        version += 1
        try:
            (folder / f"v{version}").mkdir(parents=True)
        except FileExistsError:
            continue
        return folder / f"v{version}"
