"""What only the author of a run can say of it: the table of questions that form, file and card are made from.

No torch.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from workbench.config import yaml_io
from workbench.errors import WorkbenchError
from workbench.runs.run_dir import RunDir

NOT_STATED = "not stated by the author"
YES, NO = "yes", "no"

_MOST_CHARACTERS = 4000
_KEPT = "statement"
_LANGUAGES = re.compile(r"[a-z]{2,3}(-[A-Za-z]{2,4})?(\s*,\s*[a-z]{2,3}(-[A-Za-z]{2,4})?)*")
_UNPRINTABLE = re.compile(r"[\x00-\x09\x0b-\x1f\x7f\ud800-\udfff]")

Statement = Mapping[str, str]
"""Answers by the names of the questions; what is left out, or empty, is not stated."""


@dataclass(frozen=True)
class Question:
    label: str
    help: str
    example: str = ""
    choices: tuple[str, ...] = ()
    """What can be answered; empty where any text can."""
    lines: int = 1
    """How much room an answer usually takes."""


QUESTIONS = {
    "intended_use": Question(
        "Intended use",
        "What the tuned model is for, and for whom.",
        "Drafts replies to customers of a bicycle shop; a person reads each before it is sent.",
        lines=3,
    ),
    "out_of_scope": Question(
        "Not intended for",
        "What it should not be used for.",
        "Legal or medical advice; decisions about people.",
        lines=2,
    ),
    "data_origin": Question(
        "Where the data comes from",
        "Who wrote the examples, when, and how they were chosen. Name public data sets by their names.",
        "Replies that our staff wrote in 2025, chosen and shortened by hand.",
        lines=3,
    ),
    "data_rights": Question(
        "Rights to the data",
        "Why it may be used for training: own work, a licence, consent; and reservations that were honoured.",
        "Own work of the shop.",
        lines=2,
    ),
    "personal_data": Question(
        "Personal data",
        "Whether the examples tell of people who can be recognised, and what was done about it.",
        "No. Names and addresses were replaced by hand.",
        lines=2,
    ),
    "synthetic_data": Question(
        "Synthetic data",
        "Whether examples were written by a program or a model, and by which.",
        "About a third were written by a language model and corrected by hand.",
        lines=2,
    ),
    "known_limits": Question(
        "Known limits",
        "What it gets wrong, as far as you have seen.",
        "It invents prices.",
        lines=3,
    ),
    "language": Question(
        "Languages",
        "Codes of the languages that it was tuned to answer in, separated by commas.",
        "en, de",
    ),
    "contact": Question(
        "Contact",
        "How people reach you. It stands in the files for everyone to read.",
        "models@example.org",
    ),
    "licence_confirmed": Question(
        "Licence",
        "Whether you have read the licence of the original model, and pass the result on under its terms.",
        choices=(YES, NO),
    ),
}


def check(given: Mapping[str, object]) -> dict[str, str]:
    """The answers among what was given. Raises WorkbenchError for what answers no question, or cannot be an answer."""
    for name in given:
        if name not in QUESTIONS:
            raise WorkbenchError(f"“{name}” is no question about a run.", f"Those are {', '.join(QUESTIONS)}.")
    answers = {name: _as_text(name, value) for name, value in given.items()}
    return {name: answer for name, answer in answers.items() if answer}


def read_statement(path: Path) -> dict[str, str]:
    """The answers in a YAML file, checked."""
    try:
        given = yaml_io.read_tree(path)
    except WorkbenchError as error:
        raise WorkbenchError(error.message, "Begin with what `export --questions` prints.") from error
    return check(given)


def write_questions() -> str:
    """A YAML file with all questions, to be filled in."""
    lines = []
    for name, question in QUESTIONS.items():
        hint = f"One of {', '.join(question.choices)}." if question.choices else f"Such as: {question.example}"
        lines.append(f"# {question.label}. {question.help}\n# {hint}\n{name}: ''\n")
    return "\n".join(lines)


def kept_statement(run: RunDir) -> dict[str, str]:
    """What the author said of this run when it was last exported."""
    kept = run.about().get(_KEPT)
    answers = kept.items() if isinstance(kept, dict) else ()
    return {name: str(answer) for name, answer in answers if _can_be(name, answer)}


def keep_statement(run: RunDir, statement: Statement) -> None:
    """So that it need not be said again."""
    run.update_about(**{_KEPT: dict(statement)})


def answer_of(statement: Statement, name: str) -> str:
    """For people to read."""
    return statement.get(name) or NOT_STATED


def languages(statement: Statement) -> list[str]:
    """The codes that were named."""
    return [code.strip() for code in statement.get("language", "").split(",") if code.strip()]


def _can_be(name: str, answer: object) -> bool:
    """A run from elsewhere may hold what was asked by another version."""
    try:
        check({name: answer})
    except WorkbenchError:
        return False
    return True


def _as_text(name: str, value: object) -> str:
    """YAML takes a bare yes for a truth."""
    label, choices = QUESTIONS[name].label, QUESTIONS[name].choices
    text = {True: YES, False: NO}.get(value, "") if isinstance(value, bool) else str(value or "")
    text = _UNPRINTABLE.sub(" ", text.replace("\r\n", "\n")).strip()
    if len(text) > _MOST_CHARACTERS:
        raise WorkbenchError(f"“{label}” is answered in more than {_MOST_CHARACTERS:,} characters.", "Shorten it.")
    if text and choices and text not in choices:
        raise WorkbenchError(f"“{label}” cannot be “{text[:80]}”.", f"Answer {' or '.join(choices)}.")
    if name == "language" and text and not _LANGUAGES.fullmatch(text):
        raise WorkbenchError(f"“{text[:80]}” are no codes of languages.", "Write codes with commas, such as: en, de")
    return text
