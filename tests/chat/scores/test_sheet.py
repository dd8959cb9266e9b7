"""The answer sheet to look at and to take away: filters and marks, and text that stays text."""

import csv
import io
from concurrent.futures import ThreadPoolExecutor

import pytest

from workbench.chat.scores.exports import write_csv, write_html
from workbench.chat.scores.folder import Evaluation
from workbench.chat.scores.request import EvaluationRequest
from workbench.chat.scores.sheet import filter_rows, sheet_rows, target_labels
from workbench.errors import RunError
from workbench.jobs.files import append_json
from workbench.runs.run_dir import RunDir

NASTY = '</p><script>alert(1)</script><img src="http://evil.example/x">'


@pytest.fixture
def job(run: RunDir) -> Evaluation:
    made = Evaluation.create(run, EvaluationRequest(parts=("held_out", "training")))
    add(made, "training-1", "Hello?", "Ahoy.", "Ahoy.")
    add(made, "held_out-10", "=1+1", "@sum", NASTY)
    add(made, "held_out-9", "Same?", "-", "-")
    made.mark("held_out-9", "good")
    made.mark("held_out-10", "bad")
    return made


def add(job: Evaluation, key: str, question: str, original: str, tuned: str) -> None:
    turns = [{"role": "system", "content": "Be kind."}, {"role": "user", "content": question}]
    answers = {"original": original, "tuned": tuned}
    row = {"key": key, "part": key.rpartition("-")[0], "turns": turns, "expected": "+x", "answers": answers}
    append_json(job.answers_path, row)


@pytest.mark.parametrize(
    ("part", "filter", "keys"),
    [
        ("", "all", ["held_out-9", "held_out-10", "training-1"]),
        ("training", "all", ["training-1"]),
        ("", "changed", ["held_out-10"]),
        ("", "unmarked", ["training-1"]),
        ("held_out", "good", ["held_out-9"]),
        ("", "bad", ["held_out-10"]),
    ],
)
def test_rows_are_in_order_and_filtered(job: Evaluation, part: str, filter: str, keys: list[str]) -> None:
    assert [row.key for row in filter_rows(sheet_rows(job), part, filter)] == keys


def test_a_filter_that_there_is_not_is_refused(job: Evaluation) -> None:
    with pytest.raises(RunError):
        filter_rows([], "", "<b>")


def test_a_spreadsheet_finds_no_formula(job: Evaluation) -> None:
    head, *rows = csv.reader(io.StringIO(write_csv(job)))
    assert head == ["Examples", "Question", "Expected", "Original (tiny)", "sums", "Mark"]
    assert rows[1] == ["held-out", "'=1+1", "'+x", "'@sum", NASTY, "bad"]
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)


def test_the_page_shows_text_as_text_and_fetches_nothing(job: Evaluation) -> None:
    job.run.update_about(name="<b>Sums</b>")
    page = write_html(job)
    assert "<script" not in page
    assert "<img" not in page
    assert "<b>" not in page
    assert "<link" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "default-src 'none'" in page


def test_a_conversation_is_shown_whole(job: Evaluation) -> None:
    turns = [{"role": role, "content": role} for role in ("user", "assistant", "user")]
    row = {"key": "data-0", "part": "data", "turns": turns, "expected": "", "answers": {"original": "", "tuned": "a"}}
    append_json(job.answers_path, row)
    assert sheet_rows(job)[-1].question == "user: user\nassistant: assistant\nuser: user"


def test_a_run_that_is_gone_goes_by_its_id(run: RunDir) -> None:
    job = Evaluation.create(run, EvaluationRequest(others=("gone",)))
    assert target_labels(job) == {"original": "Original (tiny)", "tuned": "sums", "tuned-2": "gone"}


def test_marks_that_are_made_at_once_are_all_kept(run: RunDir) -> None:
    job = Evaluation.create(run, EvaluationRequest(parts=("training",)))
    keys = [f"training-{number}" for number in range(40)]
    for key in keys:
        add(job, key, "Hello?", "Ahoy.", "Ahoy.")
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda key: job.mark(key, "good"), keys))
    assert job.marks() == dict.fromkeys(keys, "good")
