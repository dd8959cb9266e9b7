"""From settings to examples and tokens that lie ready on disk: the one way in for the page and the command line."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from workbench.config.data import DataSettings
from workbench.data.meaning.columns import Columns
from workbench.data.preparing.requests import FileToRead, ReadRequest, TokenRequest
from workbench.data.preparing.results import ExamplesResult, TokensResult
from workbench.data.preparing.steps import Step, Waiting
from workbench.data.reading.records import ReadingOptions
from workbench.data.sets.sources import find
from workbench.data.sets.weights import Part, parse, parts
from workbench.data.split import Source

_TELL_SECONDS = 0.2


@dataclass(frozen=True)
class Prepared:
    """The examples of some settings, and what a model makes of them."""

    examples: ExamplesResult
    tokens: TokensResult
    sources: tuple[Source, ...]
    """Of each file of the examples."""


class Preparation:
    """Two jobs: reading, which depends on the files, and tokenising, which depends on the model, too.

    Raises DataError or SettingError at once for files that are not there.
    """

    def __init__(self, settings: DataSettings, root: Path) -> None:
        self._settings = settings
        self._root = root
        self._found = find(settings.path, root)
        self._parts = parts(self._found, parse(settings.weights), root)
        self._kept_back = parts(find(settings.eval_path, root), {}, root) if settings.eval_path else []
        self._reading = Step(self._read_request(), root)

    def examples(self, patience_seconds: float = 0.0) -> ExamplesResult | Waiting:
        """What the files hold, if they are read within `patience_seconds`. Raises DataError if they cannot be."""
        return self._reading.look(patience_seconds) or ExamplesResult(self._reading.result)

    def look(self, model: Path, patience_seconds: float = 0.0) -> Prepared | Waiting:
        """Examples and tokens alike. Raises DataError."""
        deadline = time.monotonic() + patience_seconds
        examples = self.examples(patience_seconds)
        if isinstance(examples, Waiting):
            return examples
        tokenising = self._tokenising(model)
        return tokenising.look(deadline - time.monotonic()) or self._prepared(examples, tokenising)

    def wait(self, model: Path, on_wait: Callable[[Waiting], None] = lambda waiting: None) -> Prepared:
        """The same, however long it takes."""
        while isinstance(prepared := self.look(model, _TELL_SECONDS), Waiting):
            on_wait(prepared)
        return prepared

    def cancel(self, model: Path) -> None:
        """Give up whatever is under way."""
        for step in (self._reading, self._tokenising(model)):
            step.cancel()

    def _prepared(self, examples: ExamplesResult, tokenising: Step) -> Prepared:
        return Prepared(examples, TokensResult(tokenising.result), self.sources(examples))

    def sources(self, examples: ExamplesResult) -> tuple[Source, ...]:
        """How often the examples of each file are seen; a file from an archive is seen as often as the archive."""
        given = [*self._parts, *self._kept_back]
        return tuple(Source(given[file["origin"]].weight, file["held_out"]) for file in examples.summary["files"])

    def _read_request(self) -> ReadRequest:
        settings = self._settings
        kept_back = [_to_read(part, held_out=True) for part in self._kept_back]
        return ReadRequest(
            (*map(_to_read, self._parts), *kept_back),
            ReadingOptions(settings.encoding, settings.header, settings.sheet),
            Columns(**{role: getattr(settings, f"{role}_column") for role in Columns.__dataclass_fields__}),
            self._found.passed_over,
        )

    def _tokenising(self, model: Path) -> Step:
        settings = self._settings
        examples = str(self._reading.result)
        request = TokenRequest(examples, str(model), settings.template, settings.labels, settings.system_prompt)
        return Step(request, self._root)


def _to_read(part: Part, *, held_out: bool = False) -> FileToRead:
    return FileToRead(str(part.path), part.name, part.reference, str(part.changes or ""), part.place, held_out)
