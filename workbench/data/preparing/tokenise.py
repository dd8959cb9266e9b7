"""Examples on disk into tokens on disk, a batch at a time: one thread writes the next one out while another encodes."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path

from workbench.data.examples import Example
from workbench.data.examples_file import ExamplesFile
from workbench.data.preparing.requests import TokenRequest
from workbench.data.preparing.results import EXAMPLES, REJECTED, TOKENS, VOCABULARY, finish, rejected_row
from workbench.data.rendering import vocabulary
from workbench.data.rendering.render import Batch, Renderer, RenderSettings
from workbench.data.tokens_file import TokensWriter
from workbench.models.load import load_tokenizer

_MOST_EXAMPLES = 500
_MOST_CHARACTERS = 2_000_000
"""Of a batch: encoding one keeps about two hundred bytes for each of its letters."""


def tokenise(request: TokenRequest, folder: Path, on_progress: Callable[[int, int], None]) -> None:
    """Write tokens, rejected examples and vocabulary into `folder`.

    Raises DataError or SettingError if the examples cannot be written for this model.
    """
    tokenizer = load_tokenizer(Path(request.model), request.template)
    renderer = Renderer(tokenizer, RenderSettings(request.labels, request.system_prompt))
    examples = ExamplesFile(Path(request.examples) / EXAMPLES)
    done = rows = rejected = 0
    with TokensWriter(folder / TOKENS) as writer, (folder / REJECTED).open("w", encoding="utf-8") as left_out:
        for count, batch in _written(examples, renderer):
            tokens = renderer.encode(batch)
            writer.add(tokens)
            for row in batch.rejected:
                left_out.write(json.dumps(rejected_row(row.part, row), ensure_ascii=False) + "\n")
            done, rows, rejected = done + count, rows + len(tokens), rejected + len(batch.rejected)
            on_progress(done, len(examples))
    vocabulary.write(tokenizer, folder / VOCABULARY)
    finish(folder, {"examples": len(examples), "rows": rows, "rejected": rejected})


def _written(examples: ExamplesFile, renderer: Renderer) -> Iterator[tuple[int, Batch]]:
    """How many examples each batch is made of, and the batch; always one ahead of whoever asks."""
    batches = _batches(examples)
    first = 0

    def write_next() -> tuple[int, Batch] | None:
        nonlocal first
        batch = next(batches, None)
        if batch is None:
            return None
        first += len(batch)
        return len(batch), renderer.write(batch, first - len(batch))

    with ThreadPoolExecutor(max_workers=1) as writing:
        coming = writing.submit(write_next)
        while (written := coming.result()) is not None:
            coming = writing.submit(write_next)
            yield written


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
