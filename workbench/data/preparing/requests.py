"""What is to be prepared, and the name its result is kept under: equal content and settings, equal name."""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from workbench.data.meaning.columns import Columns
from workbench.data.reading.records import ReadingOptions
from workbench.errors import DataError

_FORMAT = 3
"""Counts up when the same request would give another result, so that old ones are not used again."""


@dataclass(frozen=True)
class FileToRead:
    """A file or a zip archive of the set `reference`; `changes` are its owner's edits of single rows, "" for none.

    `place` is its place among the files of the set.
    """

    path: str
    name: str
    reference: str = ""
    changes: str = ""
    place: int = 0
    held_out: bool = False
    """Whether it is kept for checking as a whole."""


@dataclass(frozen=True)
class ReadRequest:
    """Files to make examples of."""

    files: tuple[FileToRead, ...]
    options: ReadingOptions = field(default_factory=ReadingOptions)
    columns: Columns = field(default_factory=Columns)
    passed_over: tuple[str, ...] = ()
    """Names of files beside them that are no data."""

    def key(self) -> str:
        files = [
            (
                file.name,
                # What is told of a row says whose it is, and two versions may hold the same.
                file.reference,
                file.place,
                Path(file.path).suffix.lower(),
                file.held_out,
                *map(_sha256, filter(None, (file.path, file.changes))),
            )
            for file in self.files
        ]
        return _name_of([_FORMAT, files, asdict(self.options), asdict(self.columns), self.passed_over])

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "ReadRequest":
        files = tuple(FileToRead(**file) for file in data["files"])
        passed_over = tuple(data["passed_over"])
        return cls(files, ReadingOptions(**data["options"]), Columns(**data["columns"]), passed_over)


@dataclass(frozen=True)
class TokenRequest:
    """Examples to make tokens of; `examples` is the folder of their result."""

    examples: str
    model: str
    template: str = "auto"
    labels: str = "answers"
    system_prompt: str = ""

    def key(self) -> str:
        tokenizer = [(path.name, _sha256(str(path))) for path in _tokenizer_files(Path(self.model))]
        how = [self.template, self.labels, self.system_prompt]
        return _name_of([_FORMAT, Path(self.examples).name, tokenizer, how])

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "TokenRequest":
        return cls(**data)


def _tokenizer_files(model: Path) -> list[Path]:
    """Everything in a model's folder but its weights: small files, any of which may shape its tokens."""
    kinds = (".json", ".jinja", ".model", ".txt")
    return sorted(path for path in model.iterdir() if path.suffix in kinds and path.is_file())


def _sha256(path: str) -> str:
    """The form asks again at every keystroke; a file is read again only if it has changed.

    Raises DataError for a file that is gone, or may not be read.
    """
    try:
        about = Path(path).stat()
        return _hash_file(path, about.st_size, about.st_mtime_ns, about.st_ino)
    except OSError as error:
        raise DataError(f"“{Path(path).name}” cannot be read: {error.strerror}.", "Choose it again.") from None


@lru_cache(maxsize=256)
def _hash_file(path: str, size: int, changed_at: int, inode: int) -> str:
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _name_of(value: Any) -> str:
    return hashlib.sha256(json.dumps(value).encode()).hexdigest()[:24]
