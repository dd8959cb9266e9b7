"""A comparison as a web page to show to others."""

import html
from pathlib import Path

from workbench.chat.keeping.sheet import Cell, Row, Sheet
from workbench.chat.web_document import write_document

_STYLE = Path(__file__).with_name("comparison.css")


def write_html(sheet: Sheet) -> str:
    title = html.escape(sheet.title)
    facts = "".join(
        f"<div><dt>{html.escape(name)}</dt><dd>{html.escape(words)}</dd></div>" for name, words in sheet.facts
    )
    rows = "\n".join(_section(number, row, sheet) for number, row in enumerate(sheet.rows, start=1))
    body = f"""<header>
<h1 dir="auto">{title}</h1>
<dl>{facts}</dl>
</header>
<main>
{rows}
</main>"""
    return write_document(title, _STYLE.read_text(encoding="utf-8"), body)


def _section(number: int, row: Row, sheet: Sheet) -> str:
    answers = "\n".join(_article(column, cell) for column, cell in zip(sheet.columns, row.cells, strict=True))
    return f"""<section aria-labelledby="question-{number}">
<h2 id="question-{number}" dir="auto">{html.escape(row.prompt)}</h2>
<div class="answers">
{answers}
</div>
</section>"""


def _article(column: str, cell: Cell) -> str:
    better = '<strong class="mark">better</strong>' if cell.is_better else ""
    note = f'<p class="note">{html.escape(cell.note)}</p>' if cell.note else ""
    kind = ' class="better"' if cell.is_better else ""
    return f"""<article{kind}>
<h3><span dir="auto">{html.escape(column)}</span>{better}</h3>
<p class="text" dir="auto">{html.escape(cell.text)}</p>{note}
</article>"""
