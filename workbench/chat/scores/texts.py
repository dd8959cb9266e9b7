"""General texts as a model reads them, paragraph by paragraph."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.chat.scores.shipped_texts import FOLDER, GENERAL, LANGUAGES, OWN
from workbench.data.rendering.rows import IGNORED, Row
from workbench.models.templates import beginning_ids

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

_MOST_OWN_TOKENS = 20_000
_PASSAGE_TOKENS = 512


@dataclass(frozen=True)
class Passage:
    """A piece of a text that is read on its own."""

    key: str
    source: str
    row: Row


def passages(tokenizer: "PreTrainedTokenizerBase", own_path: Path, context_tokens: float) -> list[Passage]:
    """Each paragraph of the texts, long ones in pieces; of the user's as much as is read in a minute or two."""
    cutter = _Cutter(tokenizer, int(min(_PASSAGE_TOKENS, context_tokens)))
    found = [*cutter.cut(GENERAL, FOLDER / "general.txt"), *cutter.cut(LANGUAGES, FOLDER / "languages.txt")]
    total = 0
    for passage in cutter.cut(OWN, own_path) if own_path.exists() else ():
        total += len(passage.row.input_ids)
        found.append(passage)
        if total >= _MOST_OWN_TOKENS:
            break
    return found


def split_paragraphs(text: str) -> list[str]:
    """The parts of a text between empty lines."""
    lines = [line.rstrip() for line in text.splitlines()]
    return [part.strip("\n") for part in "\n".join(lines).split("\n\n") if part.strip()]


@dataclass(frozen=True)
class _Cutter:
    tokenizer: "PreTrainedTokenizerBase"
    most_tokens: int

    def cut(self, source: str, path: Path) -> Iterator[Passage]:
        """The pieces of a file, each of which a model can read."""
        beginning = beginning_ids(self.tokenizer)
        size = self.most_tokens - len(beginning)
        for number, paragraph in enumerate(split_paragraphs(path.read_text(encoding="utf-8"))):
            ids = list(self.tokenizer(paragraph, add_special_tokens=False, verbose=False)["input_ids"])
            for start in range(0, len(ids), size):
                piece = ids[start : start + size]
                row = Row([*beginning, *piece], [*[IGNORED] * len(beginning), *piece], number)
                if row.learned_tokens:
                    yield Passage(f"{source}-{number}-{start}", source, row)
