"""What preparing leaves on disk: examples, and tokens, each in a folder whose summary is written last."""

import hashlib
import shutil
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from workbench.data.examples_file import ExamplesFile
from workbench.data.reading.records import Rejected
from workbench.data.rendering.vocabulary import Vocabulary
from workbench.data.tokens_file import TokensFile
from workbench.jobs.files import read_json, read_lines, write_json

UNPACKED = "unpacked"
"""Where the members of archives lie while they are read."""

EXAMPLES, TOKENS, REJECTED, VOCABULARY = "examples.arrow", "tokens.arrow", "rejected.jsonl", "vocabulary.arrow"


@dataclass(frozen=True)
class Result:
    """A finished folder."""

    path: Path

    @cached_property
    def summary(self) -> dict[str, Any]:
        return read_json(self.path / "summary.json")

    @cached_property
    def rejected(self) -> list[dict[str, Any]]:
        """part, line, reason and excerpt of each row that is left out."""
        return read_lines(self.path / REJECTED)[0]

    @property
    def is_ready(self) -> bool:
        return (self.path / "summary.json").exists()


class ExamplesResult(Result):
    """What the files hold."""

    @cached_property
    def examples(self) -> ExamplesFile:
        return ExamplesFile(self.path / EXAMPLES)


class TokensResult(Result):
    """What a model makes of the examples."""

    @cached_property
    def tokens(self) -> TokensFile:
        return TokensFile(self.path / TOKENS)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        return Vocabulary(self.path / VOCABULARY)


def rejected_row(part: int, rejected: Rejected) -> dict[str, Any]:
    """A row of `rejected.jsonl`."""
    return {"part": part, **asdict(rejected)}


def finish(folder: Path, summary: dict[str, Any]) -> None:
    """Declare the result complete."""
    write_json(folder / "summary.json", summary)


def discard(folder: Path) -> None:
    """Give the room of a result back that was never completed."""
    for name in (EXAMPLES, TOKENS, REJECTED, VOCABULARY):
        (folder / name).unlink(missing_ok=True)
    shutil.rmtree(folder / UNPACKED, ignore_errors=True)


def sha256_of(path: Path) -> str:
    """Of a file's content."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
