"""What only the author of a run can say of it, as the page asks it and keeps it."""

from typing import Any

from workbench.errors import RunError
from workbench.export.record.base_facts import gather_base
from workbench.export.record.statement import QUESTIONS, YES, Question, check, keep_statement, kept_statement
from workbench.runs.run_dir import RunDir
from workbench.ui import text_export as text

Answer = dict[str, Any]


def tell_author(run: RunDir) -> Answer:
    """The questions, what was answered for this run, and the licence that one of them is about."""
    base = gather_base(run)
    licence = text.LICENCE.format(base.name, base.licence) if base.licence else text.NO_LICENCE.format(base.name)
    return {
        "questions": [_tell(name, question) for name, question in QUESTIONS.items()],
        "answers": kept_statement(run),
        "licence": licence,
    }


def keep_answers(run: RunDir, answers: object) -> None:
    """Raises WorkbenchError for what is no answer."""
    if not isinstance(answers, dict):
        raise RunError(text.NO_ANSWERS, text.RELOAD)
    keep_statement(run, check(answers))


def _tell(name: str, question: Question) -> Answer:
    """One that is answered with yes or no is a tick."""
    return {
        "name": name,
        "label": question.label,
        "help": text.TICKS.get(name, question.help),
        "example": question.example,
        "lines": question.lines,
        "tick": YES if YES in question.choices else "",
    }
