"""From settings to examples and tokens that lie ready on disk: the one way in for the page and the command line."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from workbench.config.data import DataSettings
from workbench.data.meaning.interpret import Columns
from workbench.data.preparing.requests import FileToRead, ReadRequest, TokenRequest
from workbench.data.preparing.results import ExamplesResult, TokensResult
from workbench.data.preparing.steps import Step, Waiting
from workbench.data.reading.records import ReadingOptions
from workbench.data.sets.sources import find
from workbench.data.sets.weights import Part, parts
from workbench.data.split import Source


@dataclass(frozen=True)
class Prepared:
    """The examples of some settings, and what a model makes of them."""

    examples: ExamplesResult
    tokens: TokensResult
    sources: tuple[Source, ...]
    """Of each file of the examples."""


class Preparation:
    """Two steps, each a job of its own: reading, which depends on the files, and tokenising, which depends on the model.

    Raises DataError or SettingError at once for files that are not there.
    """

    def __init__(self, settings: DataSettings, root: Path) -> None:
        self._settings = settings
        self._root = root
        self._parts = parts(find(settings.path, root), settings.weights, root)
        self._kept_back = parts(find(settings.eval_path, root), "", root) if settings.eval_path else []
        self._reading = Step(self._read_request(), root)

    def examples(self, *, start: bool = True) -> ExamplesResult | Waiting:
        """Raises DataError for files that cannot be read."""
        return self._reading.look(start=start) or ExamplesResult(self._reading.result)

    def look(self, model: Path, *, start: bool = True) -> Prepared | Waiting:
        """Examples and tokens, if they are there. Raises DataError."""
        examples = self.examples(start=start)
        if isinstance(examples, Waiting):
            return examples
        tokenising = self._tokenising(model)
        return tokenising.look(start=start) or self._prepared(examples, tokenising)

    def wait(self, model: Path, on_wait: Callable[[Waiting], None] = lambda waiting: None) -> Prepared:
        """The same, however long it takes."""
        self._reading.wait(on_wait)
        tokenising = self._tokenising(model)
        tokenising.wait(on_wait)
        return self._prepared(ExamplesResult(self._reading.result), tokenising)

    def cancel(self, model: Path) -> None:
        """Give up whatever is under way."""
        reading = self._reading
        (reading if isinstance(self.examples(start=False), Waiting) else self._tokenising(model)).cancel()

    def _prepared(self, examples: ExamplesResult, tokenising: Step) -> Prepared:
        return Prepared(examples, TokensResult(tokenising.result), self.sources(examples))

    def sources(self, examples: ExamplesResult) -> tuple[Source, ...]:
        """How often the examples of each file are seen; a file from an archive is seen as often as the archive."""
        given = [*self._parts, *self._kept_back]
        return tuple(Source(given[file["origin"]].weight, file["held_out"]) for file in examples.summary["files"])

    def _read_request(self) -> ReadRequest:
        settings = self._settings
        files = [*(_to_read(part) for part in self._parts), *(_to_read(part, held_out=True) for part in self._kept_back)]
        return ReadRequest(
            tuple(files),
            ReadingOptions(settings.encoding, settings.header, settings.sheet),
            Columns(**{role: getattr(settings, f"{role}_column") for role in Columns.__dataclass_fields__}),
        )

    def _tokenising(self, model: Path) -> Step:
        settings = self._settings
        examples = str(self._reading.result)
        request = TokenRequest(examples, str(model), settings.template, settings.labels, settings.system_prompt)
        return Step(request, self._root)


def _to_read(part: Part, *, held_out: bool = False) -> FileToRead:
    return FileToRead(str(part.path), part.name, str(part.changes or ""), held_out)
