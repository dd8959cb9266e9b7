"""Examples on disk into tokens on disk: while one batch is encoded, another thread writes the next one out."""

import json
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from pathlib import Path

from workbench.data.examples import Example
from workbench.data.examples_file import ExamplesFile
from workbench.data.preparing.requests import TokenRequest
from workbench.data.preparing.results import EXAMPLES, REJECTED, TOKENS, VOCABULARY, finish, rejected_row
from workbench.data.rendering import vocabulary
from workbench.data.rendering.render import RejectedExample, Renderer, RenderSettings
from workbench.data.tokens_file import TokenRow, TokensWriter
from workbench.models.tokenizer import load_tokenizer

_MOST_EXAMPLES = 500
_MOST_CHARACTERS = 2_000_000
"""Of a batch: encoding one keeps about two hundred bytes for each of its letters."""

_THREADS = 2
"""Encoding uses all processors, but not while Python has its turn: so one thread encodes while the other does not."""

Rendered = tuple[list[TokenRow], list[RejectedExample]]


def tokenise(request: TokenRequest, folder: Path, on_progress: Callable[[int, int], None]) -> None:
    """Write tokens, rejected examples and vocabulary into `folder`.

    Raises DataError or SettingError if the examples cannot be written for this model.
    """
    tokenizer = load_tokenizer(Path(request.model), request.template)
    renderer = Renderer(tokenizer, RenderSettings(request.labels, request.system_prompt))
    examples = ExamplesFile(Path(request.examples) / EXAMPLES)
    rows = left_out = 0
    with TokensWriter(folder / TOKENS) as writer, (folder / REJECTED).open("w", encoding="utf-8") as file:
        for done, (tokens, rejected) in _render(examples, renderer):
            writer.add(tokens)
            file.writelines(json.dumps(rejected_row(row.part, row), ensure_ascii=False) + "\n" for row in rejected)
            rows, left_out = rows + len(tokens), left_out + len(rejected)
            on_progress(done, len(examples))
    vocabulary.write(tokenizer, folder / VOCABULARY)
    finish(folder, {"examples": len(examples), "rows": rows, "rejected": left_out, "notes": renderer.notes()})


def _render(examples: ExamplesFile, renderer: Renderer) -> Iterator[tuple[int, Rendered]]:
    """What becomes of each batch, in their order, with how many examples are done by then."""
    waiting: deque[tuple[int, Future[Rendered]]] = deque()
    done = 0
    with ThreadPoolExecutor(_THREADS) as threads:
        for batch in _batches(examples):
            waiting.append((done + len(batch), threads.submit(renderer.render, batch, done)))
            done += len(batch)
            if len(waiting) > _THREADS:
                finished, future = waiting.popleft()
                yield finished, future.result()
        for finished, future in waiting:
            yield finished, future.result()


def _batches(examples: ExamplesFile) -> Iterator[list[Example]]:
    """Few enough examples, and few enough letters, to be encoded at once."""
    stream = iter(examples)
    while batch := list(islice(stream, 1)):
        size = _size(batch[0])
        for example in islice(stream, _MOST_EXAMPLES - 1):
            batch.append(example)
            size += _size(example)
            if size > _MOST_CHARACTERS:
                break
        yield batch


def _size(example: Example) -> int:
    return len(example.text) + sum(len(message.content) for message in example.messages)
