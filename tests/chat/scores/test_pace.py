"""What is said of the time an evaluation takes: before it begins, and while it goes on."""

import pytest

from workbench.chat.scores.folder import Evaluation
from workbench.chat.scores.pace import estimate_seconds, known_pace, tell_left, tell_range
from workbench.chat.scores.progress import Left, Progress, Stopped
from workbench.chat.scores.request import EvaluationRequest
from workbench.jobs.files import write_json
from workbench.runs.run_dir import RunDir

PACE = {"load": 2.0, "answer": 0.1, "read": 0.001, "answer_tokens": 20.0}


@pytest.mark.parametrize(
    ("seconds", "words"),
    [((1, 2), "about 5 s"), ((30, 50), "about 40 s"), ((60, 170), "1 to 3 min"), ((110, 120), "about 2 min")],
)
def test_a_range_is_told_in_round_numbers(seconds: tuple[float, float], words: str) -> None:
    assert tell_range(seconds) == words


def test_what_is_left_is_told() -> None:
    assert [tell_left(seconds) for seconds in (0.1, 42.4, 70, 100)] == [
        "about 1 s",
        "about 42 s",
        "about 70 s",
        "about 2 min",
    ]


def test_more_work_takes_longer(run: RunDir) -> None:
    few = EvaluationRequest(count=1, forgetting=False)
    more = (
        EvaluationRequest(count=5, forgetting=False),
        EvaluationRequest(count=1),
        EvaluationRequest(count=1, data="x"),
    )
    assert all(estimate_seconds(run, request) > estimate_seconds(run, few) for request in more)


def test_an_earlier_evaluation_tells_the_pace(run: RunDir) -> None:
    assert known_pace(run).answer_tokens == 0
    job = Evaluation.create(run, EvaluationRequest())
    write_json(job.result_path, {"pace": PACE})
    request = EvaluationRequest(count=5, scores=False, forgetting=False)
    # Coming up, and five answers of twenty tokens by two.
    fast, slow = estimate_seconds(run, request)
    assert fast < 2 + 5 * 2 * 20 * 0.1 < slow


def test_progress_is_told_from_the_first_moment(run: RunDir) -> None:
    job = Evaluation.create(run, EvaluationRequest())
    progress = Progress(job)
    progress.begin("Answering", 10, 20, Left(own=60.0, later=30.0))
    assert job.stored_status().message == "Answering: 10 of 20 · about 60 s"
    assert (job.stored_status().step, job.stored_status().steps) == (10, 20)


def test_a_stop_is_heard(run: RunDir) -> None:
    job = Evaluation.create(run, EvaluationRequest())
    progress = Progress(job)
    job.request_stop()
    with pytest.raises(Stopped):
        progress.tell("Loading the model.")
