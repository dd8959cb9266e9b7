"""An evaluation from its request to its scores: with a real model, in the test's own process or in one of its own."""

import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch

from tests.chat.scores.workspace import make_run
from tests.tiny import make_model
from workbench.chat.scores import launch, texts, worker
from workbench.chat.scores.folder import Evaluation, evaluations
from workbench.chat.scores.request import EvaluationRequest, Part
from workbench.errors import RunError, WorkbenchError
from workbench.jobs.files import append_json, read_json, read_lines
from workbench.runs.run_dir import RunDir

BOTH: tuple[Part, ...] = ("held_out", "training")


@pytest.fixture
def _short_texts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that ship are read by the slow tests."""
    for name in ("general", "languages"):
        (tmp_path / f"{name}.txt").write_text("A cow says moo.\n\nA cat says meow.")
    monkeypatch.setattr(texts, "FOLDER", tmp_path)


def evaluate(run: RunDir, request: EvaluationRequest, own: str = "") -> Evaluation:
    job = Evaluation.create(run, request)
    if own:
        job.own_text_path.write_text(own)
    assert worker.main(str(job.path)) == 0, job.stored_status()
    return job


def test_both_answer_every_example_and_are_scored(run: RunDir) -> None:
    job = evaluate(run, EvaluationRequest(parts=BOTH, count=4, answer_tokens=6, forgetting=False))
    rows = job.answers()
    assert sorted(row["part"] for row in rows) == ["held_out"] * 4 + ["training"] * 4
    assert all(row["expected"].startswith("It is") for row in rows)
    assert all(row["answers"].keys() == {"original", "tuned"} for row in rows)
    assert any(row["answers"]["original"] != row["answers"]["tuned"] for row in rows)
    scores = job.result()["parts"]["held_out"]
    assert scores["examples"] == 4
    assert scores["exact"] == {"original": 0.0, "tuned": 0.0}
    assert scores["loss"]["original"] != scores["loss"]["tuned"]
    assert run.about()["scores"]["held_out"]["loss"] == scores["loss"]
    assert job.status().phase == "finished"


@pytest.mark.slow
def test_the_loss_is_that_of_the_learned_tokens_by_transformers(run: RunDir) -> None:
    from transformers import AutoModelForCausalLM

    job = evaluate(run, EvaluationRequest(answers=False, forgetting=False))
    model = AutoModelForCausalLM.from_pretrained(run.config().model.path)
    total = tokens = 0.0
    for example in read_json(job.examples_path)["examples"]:
        for row in example["rows"]:
            labels = torch.tensor([row["labels"]])
            count = int((labels[:, 1:] != -100).sum())
            with torch.no_grad():
                total += count * float(model(input_ids=torch.tensor([row["input_ids"]]), labels=labels).loss)
            tokens += count
    found = job.result()["parts"]["held_out"]
    assert found["tokens"] == tokens
    assert found["loss"]["original"] == pytest.approx(total / tokens, rel=1e-4)


@pytest.mark.slow
def test_answers_are_those_that_the_chat_gives(run: RunDir) -> None:
    from workbench.chat.answering import answers
    from workbench.chat.models import load_model
    from workbench.chat.questions import question_for
    from workbench.config.sampling import Sampling

    job = evaluate(run, EvaluationRequest(count=3, answer_tokens=6, scores=False, forgetting=False))
    for row in job.answers():
        question = question_for(run, {"tuned": row["turns"]}, Sampling(max_new_tokens=6))
        model, _ = load_model(question, run.root / "cache" / "kernels")
        alone = "".join(event.text for event in answers(question, model) if event.kind != "begun")
        assert row["answers"]["tuned"] == alone.strip()


@pytest.mark.slow
def test_a_set_of_prompts_is_asked(run: RunDir, tmp_path: Path) -> None:
    prompts = tmp_path / "prompts.jsonl"
    prompts.write_text('{"question": "Who goes?", "answer": "I do."}\n')
    job = evaluate(run, EvaluationRequest(parts=(), data=str(prompts), answer_tokens=4, forgetting=False))
    (row,) = job.answers()
    assert (row["part"], row["turns"][-1]["content"], row["expected"]) == ("data", "Who goes?", "I do.")


@pytest.mark.slow
def test_prompts_without_answers_are_asked(run: RunDir, tmp_path: Path) -> None:
    prompts = tmp_path / "prompts.jsonl"
    prompts.write_text('{"prompt": "Who goes?"}\n{"prompt": "Where?"}\n')
    job = evaluate(run, EvaluationRequest(parts=(), data=str(prompts), answer_tokens=4, forgetting=False))
    asked = [(row["turns"][-1]["content"], row["expected"]) for row in sheet_order(job)]
    assert asked == [("Who goes?", ""), ("Where?", "")]
    assert job.result()["parts"] == {}


@pytest.mark.usefixtures("_short_texts")
def test_what_was_forgotten_is_told_and_recorded(run: RunDir) -> None:
    own = "The ship sailed.\n\nIt came back."
    job = evaluate(run, EvaluationRequest(parts=(), answers=False, scores=False), own)
    told = job.forgetting()
    assert told["texts"].keys() == {"general", "languages", "own"}
    assert told["texts"]["own"]["examples"] == 2
    verdict = told["verdicts"]["tuned"]
    assert verdict["word"] == "never knew"  # a random model
    assert run.about()["scores"]["forgetting"]["sentence"] == verdict["sentence"]


def test_one_that_was_cut_short_goes_on_where_it_was(run: RunDir) -> None:
    whole = evaluate(run, EvaluationRequest(count=4, answer_tokens=4, forgetting=False))
    job = Evaluation.create(run, whole.request)
    for path in (whole.examples_path, whole.answers_path, whole.losses_path):
        (job.path / path.name).write_text(path.read_text())
    kept = [row | {"tokens": 77} for row in whole.answers()[:2]]
    job.answers_path.unlink()
    for row in kept:
        append_json(job.answers_path, row)
    with job.answers_path.open("a") as file:
        file.write('{"key": "torn')
    assert worker.main(str(job.path)) == 0
    assert [row["tokens"] == 77 for row in job.answers()] == [True, True, False, False]
    assert {row["key"] for row in job.answers()} == {row["key"] for row in whole.answers()}
    assert job.result()["parts"] == whole.result()["parts"]


@pytest.mark.slow
def test_other_runs_on_the_same_base_answer_beside_it(run: RunDir) -> None:
    import shutil

    other = Path(shutil.copytree(run.path, run.path.with_name("other")))
    request = EvaluationRequest(others=(other.name,), count=2, answer_tokens=4, forgetting=False)
    job = evaluate(run, request)
    assert job.result()["targets"] == {"original": "", "tuned": "sums", "tuned-2": "other"}
    assert all(row["answers"]["tuned"] == row["answers"]["tuned-2"] for row in job.answers())


@pytest.mark.slow
@pytest.mark.usefixtures("_short_texts")
def test_a_model_off_the_fast_path_reads_no_further_than_it_can(root: Path, tmp_path: Path) -> None:
    make_run(root, make_model(tmp_path / "gpt2", "gpt2"), tmp_path / "sums.jsonl", layers=("c_attn",))
    job = evaluate(RunDir.open(root, "sums"), EvaluationRequest(count=2, answer_tokens=4), "moo " * 2000)
    assert job.result()["reason"]
    assert len(job.answers()) == 2
    assert job.forgetting()["texts"]["own"]["tokens"] > 1000


def sheet_order(job: Evaluation) -> list[dict[str, Any]]:
    return sorted(job.answers(), key=lambda row: str(row["key"]))


def test_marks_are_kept_and_taken_back(run: RunDir) -> None:
    job = Evaluation.create(run, EvaluationRequest())
    append_json(job.answers_path, {"key": "held_out-3"})
    job.mark("held_out-3", "good")
    assert Evaluation.open(run, job.id).marks() == {"held_out-3": "good"}
    job.mark("held_out-3", "")
    assert Evaluation.open(run, job.id).marks() == {"held_out-3": ""}
    with pytest.raises(RunError):
        job.mark("../../about", "good")


@pytest.mark.parametrize(
    ("request_", "own", "told"),
    [
        (EvaluationRequest(count=0), b"", "0 examples"),
        (EvaluationRequest(answers=False, scores=False, forgetting=False), b"", "Nothing was chosen"),
        (EvaluationRequest(parts=()), b"", "No examples"),
        (EvaluationRequest(others=("nobody",)), b"", "nobody"),
        (EvaluationRequest(data="no such set"), b"", "no such set"),
        (EvaluationRequest(), b"\xff\xfe\x00", "no plain text"),
        (EvaluationRequest(), b"a" * 1_000_001, "1.0 MB"),
    ],
)
def test_what_cannot_be_is_refused_and_leaves_nothing(
    run: RunDir, request_: EvaluationRequest, own: bytes, told: str
) -> None:
    with pytest.raises(WorkbenchError, match=told):
        launch.start(run, request_, own)
    assert evaluations(run) == []


def test_an_id_from_outside_cannot_leave_the_folder(run: RunDir) -> None:
    for evaluation_id in ("../..", "", "20260101-000000-1"):
        with pytest.raises(WorkbenchError):
            Evaluation.open(run, evaluation_id)


@pytest.mark.slow
def test_a_killed_one_is_gone_on_with(run: RunDir) -> None:
    job = launch.start(run, EvaluationRequest(parts=BOTH, count=14, answer_tokens=120, forgetting=False))
    with pytest.raises(RunError, match="already"):
        launch.start(run, EvaluationRequest())
    wait_for(lambda: len(read_lines(job.losses_path)[0]) >= 2)
    job.processes()["worker"].signal_group(signal.SIGKILL)
    job.wait_for_processes(20)
    assert job.status().phase == "interrupted"
    before = job.losses_path.read_text().splitlines()[:2]
    launch.go_on(job)
    assert job.wait().phase == "finished", job.log_tail()
    assert job.losses_path.read_text().splitlines()[:2] == before
    assert len(job.answers()) == len({row["key"] for row in job.answers()})


@pytest.mark.slow
def test_one_is_cancelled_and_keeps_what_it_did(run: RunDir) -> None:
    job = launch.start(run, EvaluationRequest(parts=BOTH, count=14, answer_tokens=200))
    wait_for(lambda: job.texts_path.exists())
    launch.cancel(job)
    assert job.wait().phase == "stopped"
    assert job.losses_path.exists()
    assert job.result() == {}


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)
