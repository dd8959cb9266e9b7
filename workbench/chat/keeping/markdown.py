"""A comparison as Markdown. What was said stands between fences, so that nothing in it is taken for Markdown."""

import re
from collections.abc import Iterator

from workbench.chat.keeping.sheet import Cell, Sheet

# Dots and colons only where they would make a link of an address.
_SPECIAL = re.compile(r"([\\`*_\[\]<>#|~&$@]|\.(?=[^\s\d])|:(?=//))")


def write_markdown(sheet: Sheet) -> str:
    return "\n".join(_lines(sheet)) + "\n"


def _lines(sheet: Sheet) -> Iterator[str]:
    yield f"# {_plain(sheet.title)}"
    yield ""
    for name, words in sheet.facts:
        yield f"- {name}: {_plain(words)}"
    for number, row in enumerate(sheet.rows, start=1):
        yield from ("", f"## Question {number}", "", *_fenced(row.prompt))
        for column, cell in zip(sheet.columns, row.cells, strict=True):
            yield from ("", f"### {_plain(column)}{_marks(cell)}", "", *_fenced(cell.text))


def _marks(cell: Cell) -> str:
    marks = [*(["the better answer"] if cell.is_better else []), *([cell.note] if cell.note else [])]
    return f" ({', '.join(marks)})" if marks else ""


def _fenced(text: str) -> list[str]:
    """Between fences longer than any run of backticks in the text, which therefore cannot end them."""
    longest = max(map(len, re.findall("`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return [f"{fence}text", text, fence]


def _plain(text: str) -> str:
    """A text on one line, with nothing in it that Markdown reads."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))
