"""The columns that the user chose, held against those that a file has."""

from collections.abc import Iterable, Sequence

from workbench.data.meaning.columns import Columns, find_column
from workbench.data.meaning.formats import ROLE_WORDS
from workbench.data.reading.records import excerpt
from workbench.data.reading.text_rows import IS_LAST, PIECE
from workbench.errors import DataError

_COLUMNS_TOLD = 8
_BESIDE: dict[str, tuple[str, ...]] = {"text": (), "messages": ("system",)}
"""Roles of columns that are a whole example, and what may stand beside each."""


def check_chosen(columns: Columns, there: Sequence[str], name: str) -> dict[str, str]:
    """Role to column as the file writes it. Raises DataError for a column that is not there, and for contradictions."""
    chosen = columns.given()
    if chosen and {PIECE, IS_LAST} <= set(there):
        raise DataError(f"“{name}” is a text and has no columns.", f"Empty {_settings(chosen)}, or take another file.")
    _check_together(chosen)
    given: dict[str, str] = {}
    for role, column in chosen.items():
        match = column if column in there else find_column((column,), there)
        if match is None:
            message = f"“{name}” has no column “{excerpt(column)}”, which was chosen for {ROLE_WORDS[role]}."
            raise DataError(message, f"It has {list_columns(there)}. Change {_settings([role])}.")
        if match in given.values():
            raise DataError(f"“{excerpt(match)}” was chosen for two things.", f"Change one of {_settings(chosen)}.")
        given[role] = match
    return given


def not_known(there: Sequence[str], name: str) -> DataError:
    """That nobody can tell what these columns are for."""
    return DataError(
        f"The columns of “{name}” are not known here: {list_columns(there)}.",
        f"Choose those of the questions and the answers ({_settings(['question', 'answer'])}), "
        f"or that of the texts ({_settings(['text'])}).",
    )


def list_columns(columns: Sequence[str]) -> str:
    """The names of columns as a sentence has them."""
    told = ", ".join(f"“{excerpt(column)}”" for column in columns[:_COLUMNS_TOLD]) or "none"
    return f"{told} and {len(columns) - _COLUMNS_TOLD} more" if len(columns) > _COLUMNS_TOLD else told


def _check_together(chosen: dict[str, str]) -> None:
    for whole, beside in _BESIDE.items():
        others = [role for role in chosen if role != whole and role not in beside]
        if whole in chosen and others:
            message = f"A column of {whole} cannot be used together with one for {ROLE_WORDS[others[0]]}."
            raise DataError(message, f"Empty {_settings([whole])}, or {_settings(others)}.")


def _settings(roles: Iterable[str]) -> str:
    return ", ".join(f"data.{role}_column" for role in roles)
