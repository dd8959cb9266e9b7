"""The plain sentences about a run."""

from pathlib import Path

import pytest

from tests.recorded_run import RecordedRun
from workbench.jobs.files import write_json
from workbench.monitoring.course import Course
from workbench.monitoring.findings import find


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


def test_a_loss_that_stays_is_told(run: RecordedRun) -> None:
    for step in range(1, 60):
        run.step(step, loss=3.0 + 0.01 * (step % 2))
    assert "hardly moved in 59 updates" in sentences(run)


def test_a_loss_that_climbs_is_told_with_where_it_began(run: RecordedRun) -> None:
    for step in range(1, 61):
        run.step(step, loss=2.0 - 0.03 * step if step <= 30 else 1.1 + 0.1 * (step - 30))
    assert "has risen to" in sentences(run)
    assert "lower learning speed" in sentences(run)


def test_a_failure_comes_first_and_nothing_is_called_usual(run: RecordedRun) -> None:
    run.train(1, 41)
    run.phase("failed", 41, "The loss was no longer a number at update 42.", "Lower the learning rate.")
    assert sentences(run) == "The run ended before its last step; its message tells why."


def test_examples_that_were_cut_or_left_out_are_told(run: RecordedRun) -> None:
    facts = {"rows": 95, "cut": 12, "nothing_to_learn": 1}
    write_json(run.dir.environment_path, {"data": facts})
    assert "12 of 95 examples were cut to 512 tokens." in sentences(run)
    assert "1 of 96 examples was left out" in sentences(run)


def test_memorising_is_told_with_the_best_step(run: RecordedRun) -> None:
    run.train(1, 200)
    for step, loss in ((0, 3.7), (50, 2.0), (100, 2.3), (150, 2.6)):
        run.check(step, loss)
    assert "lowest at step 50 (2.00) and has risen to 2.60" in sentences(run)


def test_an_evaluation_that_rises_with_the_loss_is_not_called_memorising(run: RecordedRun) -> None:
    for step in range(1, 60):
        run.step(step, loss=2.0 + 0.001 * step)
    for step, loss in ((0, 2.0), (20, 1.9), (40, 2.2)):
        run.check(step, loss)
    assert "memorise" not in sentences(run)


def test_full_memory_and_growing_swap_are_told(run: RecordedRun) -> None:
    run.machine(swap_gb=1.0)
    run.machine(swap_gb=2.2, machine_ram_used_gb=20.5)
    assert "The memory is nearly full: 20.5 of 21.0 GB." in sentences(run)
    assert "1.2 GB were moved to swap" in sentences(run)


def test_no_programs_need_closing_for_a_run_that_has_ended(run: RecordedRun) -> None:
    run.machine(machine_ram_used_gb=20.5)
    run.finish()
    assert "memory" not in sentences(run)


def test_swap_that_was_in_use_before_is_not_the_runs_doing(run: RecordedRun) -> None:
    run.machine(swap_gb=4.0)
    run.machine(swap_gb=4.1)
    assert "swap" not in sentences(run)
