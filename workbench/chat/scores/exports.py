"""An answer sheet to take away: as a table, and as one page to show to others. Text is text in both."""

import html
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from workbench.chat.scores.folder import Evaluation
from workbench.chat.scores.sheet import SheetRow, sheet_rows, target_labels
from workbench.chat.web_document import write_document
from workbench.data.spreadsheet import csv_line

PARTS = {"held_out": "held-out", "training": "training", "data": "set"}

SCORES = {"loss": "Loss", "perplexity": "Perplexity", "exact": "Exact match", "rouge_l": "ROUGE-L", "chrf": "chrF"}

_STYLE = Path(__file__).with_name("sheet.css")


def write_csv(job: Evaluation) -> str:
    """One line a question."""
    labels = target_labels(job)
    lines = [csv_line(["Examples", "Question", "Expected", *labels.values(), "Mark"])]
    for row in sheet_rows(job):
        answers = (row.answers[name] for name in labels)
        lines.append(csv_line([PARTS[row.part], row.question, row.expected, *answers, row.mark]))
    return "".join(lines)


def write_html(job: Evaluation) -> str:
    """See `web_document`."""
    labels = target_labels(job)
    title = html.escape(f"Answer sheet of {job.run.name}")
    date = time.strftime("%Y-%m-%d %H:%M", time.localtime(job.created))
    said = [verdict["sentence"] for verdict in job.forgetting().get("verdicts", {}).values()]
    body = f"""<h1 dir="auto">{title}</h1>
<p class="quiet">{date}</p>
{"".join(f"<p>{html.escape(sentence)}</p>" for sentence in said)}
{"".join(_score_table(part, scores, labels) for part, scores in job.result().get("parts", {}).items())}
<main>
{"".join(_section(row, labels) for row in sheet_rows(job))}</main>"""
    return write_document(title, _STYLE.read_text(encoding="utf-8"), body)


def _score_table(part: str, scores: dict[str, Any], labels: dict[str, str]) -> str:
    head = "".join(f'<th scope="col" dir="auto">{html.escape(label)}</th>' for label in labels.values())
    lines = "".join(_score_line(score, scores[score], labels) for score in SCORES if score in scores)
    caption = f"{scores['examples']} {PARTS[part]} examples"
    return f"<table><caption>{caption}</caption><tr><th></th>{head}</tr>\n{lines}</table>\n"


def _score_line(score: str, values: dict[str, float], labels: dict[str, str]) -> str:
    cells = "".join(f"<td>{values[name]:,.2f}</td>" for name in labels)
    return f'<tr><th scope="row">{SCORES[score]}</th>{cells}</tr>\n'


def _section(row: SheetRow, labels: dict[str, str]) -> str:
    cells = "".join(_cells(row, labels))
    mark = f'<span class="mark {row.mark}">{row.mark}</span>' if row.mark else ""
    part = f'<span class="quiet">{PARTS[row.part]}</span>'
    return f'<section><h2 dir="auto">{html.escape(row.question)}</h2><p>{part} {mark}</p><div>{cells}</div></section>\n'


def _cells(row: SheetRow, labels: dict[str, str]) -> Iterator[str]:
    said = [("Expected", row.expected), *((label, row.answers[name]) for name, label in labels.items())]
    for label, words in said:
        yield f'<article><h3 dir="auto">{html.escape(label)}</h3><p dir="auto">{html.escape(words)}</p></article>'
