"""What the machine says, each sign where it holds and where it does not."""

from pathlib import Path

import pytest

from tests.recorded_run import RecordedRun
from workbench.monitoring import strain
from workbench.monitoring.course import Course


@pytest.fixture
def run(root: Path) -> RecordedRun:
    return RecordedRun(root)


def course_of(run: RecordedRun) -> Course:
    return Course(run.dir).poll()


def test_nothing_is_said_of_a_machine_that_nobody_looked_at(run: RecordedRun) -> None:
    signs = (strain.full_memory, strain.swapping, strain.starved, strain.throttled)
    assert [sign(course_of(run)) for sign in signs] == [None] * 4


def test_a_full_memory_is_told(run: RecordedRun) -> None:
    run.machine()
    assert strain.full_memory(course_of(run)) is None
    run.machine(machine_ram_used_gb=20.5)
    assert "nearly full: 20.5 of 21.0 GB" in str(strain.full_memory(course_of(run)))


def test_a_run_near_its_own_limit_is_told_though_the_machine_has_room(run: RecordedRun) -> None:
    run.machine(ram_gb=20.1, machine_ram_used_gb=25.0, machine_ram_total_gb=64.0)
    assert "20.1 of the 21.0 GB it may have" in str(strain.full_memory(course_of(run)))


def test_swap_that_grew_is_told(run: RecordedRun) -> None:
    run.machine(swap_gb=1.0)
    run.machine(swap_gb=2.2)
    assert str(strain.swapping(course_of(run))).startswith("1.2 GB were moved to swap")


def test_swap_that_was_in_use_before_is_not_the_runs_doing(run: RecordedRun) -> None:
    run.machine(swap_gb=4.0)
    run.machine(swap_gb=4.1)
    assert strain.swapping(course_of(run)) is None


@pytest.mark.parametrize(
    ("own", "machine", "told"), [(80.0, 99.0, True), (190.0, 99.0, False), (80.0, 40.0, False), (130.0, 99.0, False)]
)
def test_a_run_that_others_starve_is_told(run: RecordedRun, own: float, machine: float, told: bool) -> None:
    for _ in range(12):
        run.machine(cpu_percent=own, machine_cpu_percent=machine)
    sentence = strain.starved(course_of(run))
    assert (sentence is not None) == told
    assert not told or "this run gets 0.8 of its 2 cores. “Use the whole machine”" in str(sentence)


def test_a_moment_of_starving_is_passed_over(run: RecordedRun) -> None:
    for second in range(12):
        run.machine(cpu_percent=20.0 if second < 4 else 190.0)
    assert strain.starved(course_of(run)) is None


@pytest.mark.parametrize(("rate", "cores", "told"), [(500.0, 197.0, True), (900.0, 197.0, False), (500.0, 90.0, False)])
def test_a_processor_that_slowed_down_is_told(run: RecordedRun, rate: float, cores: float, told: bool) -> None:
    run.train(1, 150)
    for step in range(151, 211):
        run.step(step, tokens_per_second=rate)
    for _ in range(12):
        run.machine(cpu_percent=cores)
    assert (strain.throttled(course_of(run)) is not None) == told
