"""Examples that were typed into the page, or pasted from a spreadsheet."""

import json
import re

from workbench.data.meaning.columns import ANSWER, QUESTION, find_column
from workbench.data.reading.records import Unfit, check_text
from workbench.errors import DataError

# A quoted cell may hold tabs, line breaks and doubled quotes; a quote that does not close its cell is only a character.
_CELL = re.compile(r'(?:"((?:[^"]|"")*+)"|([^\t\r\n]*))(\t|\r\n|\n|\r|\Z)')
_COPY_TWO = "Copy two columns next to each other: the questions and their answers."


def rows_to_jsonl(rows: list[list[str]]) -> bytes:
    """Pairs of question and answer as JSON Lines; empty pairs are left out. Raises DataError for half of a pair."""
    filled = [(number, row) for number, row in enumerate(rows, start=1) if any(cell.strip() for cell in row)]
    faults = [f"row {number} {fault}" for number, row in filled if (fault := _fault(row))]
    if faults:
        more = f" and {len(faults) - 5} more" if len(faults) > 5 else ""
        raise DataError(f"Some rows are not complete: {', '.join(faults[:5])}{more}.", "Complete or empty them.")
    if not filled:
        raise DataError("There are no examples yet.", "Write a question and its answer into the first row.")
    pairs = [{"question": question, "answer": answer} for _, (question, answer) in filled]
    return "".join(json.dumps(pair, ensure_ascii=False) + "\n" for pair in pairs).encode()


def parse_pasted(text: str) -> list[list[str]]:
    """The two columns of cells copied from a spreadsheet, without their header."""
    rows = [_without_padding(row) for row in _cells(text)]
    rows = [row for row in rows if any(cell.strip() for cell in row)]
    if not rows:
        raise DataError("The pasted text is empty.", _COPY_TWO)
    for number, row in enumerate(rows, start=1):
        if len(row) != 2:
            columns = "1 column" if len(row) == 1 else f"{len(row)} columns"
            raise DataError(f"Row {number} of the pasted text has {columns}, not 2.", _COPY_TWO)
    return rows[1:] if _is_header(rows[0]) else rows


def _fault(row: list[str]) -> str:
    if len(row) != 2:
        return f"has {len(row)} cells, not 2"
    for cell, name in zip(row, ("question", "answer"), strict=True):
        if not cell.strip():
            return f"has no {name}"
        try:
            check_text(cell)
        except Unfit as error:
            return str(error)
    return ""


def _cells(text: str) -> list[list[str]]:
    rows: list[list[str]] = [[]]
    for match in _CELL.finditer(text):
        quoted, plain, end = match.groups()
        rows[-1].append(plain if quoted is None else quoted.replace('""', '"'))
        if not end:
            break
        if end != "\t":
            rows.append([])
    return rows


def _without_padding(row: list[str]) -> list[str]:
    while len(row) > 2 and not row[-1].strip():
        row = row[:-1]
    return row


def _is_header(row: list[str]) -> bool:
    return find_column(QUESTION, row[:1]) is not None and find_column(ANSWER, row[1:]) is not None
