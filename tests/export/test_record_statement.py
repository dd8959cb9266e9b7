"""What only the author knows: asked once, checked, and kept with the run."""

from pathlib import Path

import pytest

from tests.recorded_run import RecordedRun
from workbench.errors import WorkbenchError
from workbench.export.record.statement import (
    NOT_STATED,
    QUESTIONS,
    answer_of,
    check,
    keep_statement,
    kept_statement,
    languages,
    read_statement,
    write_questions,
)


def test_the_printed_questions_can_be_filled_in_and_read(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(write_questions().replace("licence_confirmed: ''", "licence_confirmed: yes"), encoding="utf-8")
    assert read_statement(file) == {"licence_confirmed": "yes"}
    assert all(f"\n{name}: ''" in write_questions() for name in QUESTIONS)


def test_what_is_not_answered_says_so() -> None:
    assert answer_of({}, "intended_use") == answer_of({"intended_use": ""}, "intended_use") == NOT_STATED
    assert answer_of(check({"intended_use": " Tests.\r\nMore. "}), "intended_use") == "Tests.\nMore."
    assert languages(check({"language": "en, pt-BR"})) == ["en", "pt-BR"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"intended_uses": "x"}, "“intended_uses” is no question"),
        ({"licence_confirmed": "perhaps"}, "“Licence” cannot be “perhaps”. Answer yes or no."),
        ({"language": "English"}, "“English” are no codes"),
        ({"contact": "x" * 5000}, "in more than 4,000"),
    ],
)
def test_what_cannot_be_an_answer_is_refused(given: dict[str, str], said: str) -> None:
    with pytest.raises(WorkbenchError, match=said):
        check(given)


def test_it_need_not_be_said_twice(root: Path) -> None:
    run = RecordedRun(root).dir
    assert kept_statement(run) == {}
    keep_statement(run, {"contact": "me@example.org"})
    assert kept_statement(run) == {"contact": "me@example.org"}
    assert run.name == "pirate-1"
