"""The plain sentences about a run."""

import json
from pathlib import Path

import pytest

from tests.recorded_run import RecordedRun
from tests.training.in_process import create, train
from workbench.config.build import build
from workbench.jobs.files import write_json
from workbench.monitoring.course import Course
from workbench.monitoring.findings import find
from workbench.runs.run_dir import RunDir
from workbench.training import loop, worker


@pytest.fixture
def run(root: Path) -> RecordedRun:
    return RecordedRun(root, data__max_length=512)


def sentences(run: RecordedRun) -> str:
    return " ".join(finding.sentence for finding in find(Course(run.dir).poll()))


def test_a_run_without_numbers_has_nothing_unusual(run: RecordedRun) -> None:
    assert [finding.level for finding in find(Course(run.dir).poll())] == ["good"]


def test_a_normal_run_is_called_normal(run: RecordedRun) -> None:
    run.check(0, 3.7)
    run.train(1, 100)
    run.check(100, 2.4)
    run.machine()
    assert sentences(run) == "The loss on held-out examples is at its lowest yet. Nothing unusual."


def test_a_failure_comes_first_and_nothing_is_called_usual(run: RecordedRun) -> None:
    run.train(1, 41)
    run.phase("failed", 41, "The disk is full.", "Make room.")
    assert sentences(run) == "The disk is full. No checkpoint had been saved yet."


def test_examples_that_were_cut_or_left_out_are_told(run: RecordedRun) -> None:
    write_json(run.dir.data_dir / "summary.json", {"rows": 95, "cut": 12, "dropped": 4, "nothing_to_learn": 1})
    assert "12 of 100 examples were cut to 512 tokens." in sentences(run)
    assert "4 of 100 examples were left out, being longer than 512 tokens." in sentences(run)
    assert "1 of 100 examples was left out: nothing to learn" in sentences(run)


def test_examples_that_all_reached_the_model_are_not_told(run: RecordedRun) -> None:
    write_json(run.dir.data_dir / "summary.json", {"rows": 95, "cut": 0, "dropped": 0, "nothing_to_learn": 0})
    assert sentences(run) == "Nothing unusual."


def test_an_ended_run_tells_which_checkpoint_is_kept(run: RecordedRun) -> None:
    run.train(1, 41)
    (run.dir.checkpoints_dir / "step-40").mkdir()
    (run.dir.checkpoints_dir / "step-8").mkdir()
    run.phase("failed", 41, "The disk is full.", "Make room.")
    assert sentences(run) == "The disk is full. The last good checkpoint, of step 40, is kept."


def test_the_machine_is_judged_while_the_run_is_under_way(run: RecordedRun) -> None:
    for _ in range(12):
        run.machine(machine_ram_used_gb=20.5, cpu_percent=60.0)
    run.train(1, 5)
    assert "memory is nearly full" in sentences(run) and "Other programs" in sentences(run)
    run.finish()
    assert sentences(run) == "Nothing unusual."


@pytest.mark.parametrize("steps", range(1, 481, 7))
def test_an_ordinary_run_raises_no_alarm_at_any_step(run: RecordedRun, steps: int) -> None:
    run.check(0, 3.7)
    for step in range(1, steps + 1):
        run.step(step)
        if step % 60 == 0:
            run.check(step, 1.5 + 2.2 * 0.99**step)
        run.machine()
    run.phase("training", steps)
    assert sentences(run).endswith("Nothing unusual.")


@pytest.fixture
def real(tiny_model: Path, root: Path, tmp_path: Path, reading_here: None) -> RunDir:
    """A run of 40 updates that only needs to be started."""
    sums = [(a, b) for a in range(6) for b in range(8)]
    rows = [{"prompt": f"What is {a} plus {b}?", "response": f"It is {a + b}, matey."} for a, b in sums]
    examples = tmp_path / "sums.jsonl"
    examples.write_text("".join(json.dumps(row) + "\n" for row in rows))
    asked = {"model.path": str(tiny_model), "data.path": str(examples), "training.max_steps": 40, "hardware.threads": 1}
    asked |= {"evaluation.watched_prompts": 0, "training.learning_rate": 5e-3, "hardware.priority": "normal"}
    return create(build(asked), root)


def test_a_short_real_run_raises_no_alarm(real: RunDir) -> None:
    assert [finding.level for finding in find(Course(train(real)).poll())] == ["good"]


def test_a_real_run_whose_numbers_break_down_tells_where_and_what_is_kept(real: RunDir) -> None:
    original = loop.Loop._update

    def break_down(self: loop.Loop) -> None:
        if self.progress.step == 20:
            next(iter(self._task.trained.learner.parameters.values())).data.fill_(float("nan"))
        original(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loop.Loop, "_update", break_down)
        assert worker.main(str(real.path)) == 1
    first = find(Course(real).poll())[0].sentence
    assert "no longer a number at update 21, so the run was ended." in first
    assert first.endswith("The last good checkpoint, of step 16, is kept.")
