"""The Check view: what its functions answer, whatever they are asked, and how a sheet is downloaded."""

import base64
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from tests.recorded_run import RecordedRun
from workbench.chat.client import ChatClient
from workbench.chat.scores.folder import Evaluation
from workbench.chat.scores.request import EvaluationRequest
from workbench.jobs.files import append_json, write_json
from workbench.jobs.folder import Status
from workbench.runs.run_dir import RunDir
from workbench.ui.chat import check, check_downloads

Call = Callable[..., Any]

NASTY = "<script>alert(1)</script>"


@pytest.fixture
def run(root: Path) -> RunDir:
    made = RecordedRun(root).phase("finished").dir
    (made.path / "adapter").mkdir()
    write_json(made.data_dir / "summary.json", {"held_out": 9, "training": 83, "rows": 83, "learned_tokens": 1600})
    return made


@pytest.fixture
def job(run: RunDir) -> Evaluation:
    made = Evaluation.create(run, EvaluationRequest())
    for place, tuned in enumerate(("Ahoy", NASTY, "=2")):
        turns = [{"role": "user", "content": f"Question {place}"}]
        answers = {"original": "Ahoy", "tuned": tuned}
        row = {"key": f"held_out-{place}", "part": "held_out", "turns": turns, "expected": "x", "answers": answers}
        append_json(made.answers_path, row)
        losses = {"original": 30.0, "tuned": None if place else 12.0}
        append_json(made.losses_path, {"key": row["key"], "part": "held_out", "tokens": 6, "losses": losses})
    made.write_status(Status("finished", 3, 3, "The check is done."))
    return made


@pytest.fixture
def call(root: Path) -> Call:
    client = ChatClient(root / "chat.log")
    functions = {function.__name__: function for function in check.functions(root, client)}
    return lambda name, **arg: functions[name](arg)


def wish(run: RunDir, **changes: Any) -> dict[str, Any]:
    parts = {"parts": ["held_out"], "data": "", "others": [], "count": 5}
    return {"run": run.id, **parts, "answers": True, "scores": True, "forgetting": True, **changes}


def test_a_workspace_without_runs_says_so(call: Call) -> None:
    assert call("check_look") == {"run": "", "runs": []}


def test_the_newest_run_is_offered_with_what_it_can_be_asked(call: Call, job: Evaluation) -> None:
    told = call("check_look", run="gone")
    assert told["run"] == job.run.id
    assert told["counts"] == {"held_out": 9, "training": 83}
    assert "pirate" in told["sets"]
    assert [one["id"] for one in told["earlier"]] == [job.id]


def test_the_time_is_told_before(call: Call, run: RunDir) -> None:
    assert "about" in call("check_plan", **wish(run))["time"]
    few, many = (call("check_plan", **wish(run, count=count))["time"] for count in (1, 500))
    assert few != many or "s" in few


@pytest.mark.parametrize(
    "changes",
    [
        {"run": "../.."},
        {"run": None},
        {"parts": "held_out"},
        {"parts": [], "data": ""},
        {"others": [3]},
        {"others": ["nobody"]},
        {"count": "all"},
        {"count": 10_000},
        {"data": "/etc/passwd"},
        {"text": "no base64!"},
        {"text": base64.b64encode(b"\x00\x01").decode()},
        {"text": base64.b64encode(b"a" * 1_100_000).decode()},
    ],
)
def test_whatever_is_sent_is_answered_with_a_problem(call: Call, run: RunDir, changes: dict[str, Any]) -> None:
    told = call("check_start", **(wish(run) | changes))
    assert told["problem"]["message"]
    assert not (run.path / "evaluations").exists()


def test_an_evaluation_is_told_with_its_points(call: Call, job: Evaluation) -> None:
    told = call("check_state", run=job.run.id, id=job.id)
    assert (told["goes_on"], told["can_go_on"], told["answered"]) == (False, False, 3)
    assert told["labels"][1] == job.run.name
    assert told["points"] == [{"part": "held_out", "before": 5.0, "after": 2.0, "words": "Question 0"}]


def test_rows_are_filtered_and_marks_kept(call: Call, job: Evaluation) -> None:
    asked = {"run": job.run.id, "id": job.id}
    told = call("check_rows", **asked, filter="changed")
    assert [row["key"] for row in told["rows"]] == ["held_out-1", "held_out-2"]
    assert call("check_mark", **asked, key="held_out-1", mark="bad") == {}
    assert call("check_rows", **asked, filter="bad")["rows"][0]["answers"][1]["text"] == NASTY
    assert call("check_rows", **asked)["counts"] == {"all": 3, "changed": 2, "unmarked": 2, "good": 0, "bad": 1}
    for wrong in ({"key": "other", "mark": "good"}, {"key": "held_out-1", "mark": "great"}):
        assert "problem" in call("check_mark", **asked, **wrong)
    assert "problem" in call("check_rows", **asked, filter="worst")


def test_a_sheet_comes_as_a_file(root: Path, job: Evaluation) -> None:
    app = FastAPI()
    check_downloads.add_routes(app, root)
    client = TestClient(app)
    for name in ("sheet.csv", "sheet.html"):
        answer = client.get(f"/runs/{job.run.id}/evaluations/{job.id}/{name}")
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert "Question 2" in answer.text
    assert NASTY not in answer.text
    assert client.get(f"/runs/{job.run.id}/evaluations/..%2f..%2fx/sheet.csv").status_code == 404
    assert client.get(f"/runs/nobody/evaluations/{job.id}/sheet.html").status_code == 404
