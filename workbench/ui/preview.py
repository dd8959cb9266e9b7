"""The first examples of a set, and the rows that were left out, as HTML; all of it the user's text, so all escaped."""

import html

from workbench.data.counting.rejected_rows import RejectedRows
from workbench.data.examples import Example
from workbench.data.preparing.results import REJECTED, ExamplesResult
from workbench.ui import text

_EXAMPLES = 5
_REJECTED = 20
_CHARACTERS = 300


def render(result: ExamplesResult) -> str:
    """A few examples as the workbench understands them, then what it could not use."""
    examples = "".join(_example(example) for example in result.examples[:_EXAMPLES])
    formats = ", ".join(dict.fromkeys(file["format"] for file in result.summary["files"]))
    read_as = f'<p class="hint">{text.READ_AS.format(html.escape(formats))}</p>'
    return f'{read_as}<div class="examples">{examples}</div>{_rejected(RejectedRows([result.path / REJECTED]))}'


def _example(example: Example) -> str:
    if example.text:
        return f'<p class="turn">{_cut(example.text)}</p>'
    turns = "".join(
        f'<p class="turn {message.role}"><b>{text.ROLES[message.role]}</b> {_cut(message.content)}</p>'
        for message in example.messages
    )
    return f'<div class="example">{turns}</div>'


def _rejected(rows: RejectedRows) -> str:
    if not rows:
        return ""
    items = "".join(
        f"<li>Line {row['line']}: {html.escape(row['reason'])}<br><code>{html.escape(row['excerpt'])}</code></li>"
        for row in rows[:_REJECTED]
    )
    more = f"<p>{text.AND_MORE.format(len(rows) - _REJECTED)}</p>" if len(rows) > _REJECTED else ""
    return f'<h4>{text.LEFT_OUT}</h4><ul class="rejected">{items}</ul>{more}'


def _cut(whole: str) -> str:
    return html.escape(whole if len(whole) <= _CHARACTERS else whole[:_CHARACTERS] + " …")
