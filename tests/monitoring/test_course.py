"""A run read as it grows."""

from pathlib import Path

from tests.recorded_run import RecordedRun
from workbench.monitoring.course import Course


def test_each_look_adds_what_is_new(root: Path) -> None:
    run = RecordedRun(root)
    course = Course(run.dir)
    run.train(1, 10)
    run.answer(0, "Hello!", "Hi.")
    run.machine(ram_gb=2.5)
    assert (len(course.poll().smoothed), len(course.samples), course.system.peak_ram_gb) == (10, 1, 2.5)
    run.train(11, 30)
    run.machine(ram_gb=1.5)
    assert (len(course.poll().smoothed), len(course.samples), course.system.peak_ram_gb) == (30, 1, 2.5)


def test_looking_step_by_step_gives_the_same_as_looking_once(root: Path) -> None:
    run = RecordedRun(root)
    patient = Course(run.dir)
    for step in range(1, 20):
        run.step(step)
        patient.poll()
    assert patient.smoothed == Course(run.dir).poll().smoothed


def test_a_later_attempt_replaces_what_it_does_over(root: Path) -> None:
    run = RecordedRun(root)
    run.train(1, 20)
    for step in (0, 10, 20):
        run.answer(step, "Hello!", f"first attempt, {step}")
    course = Course(run.dir).poll()
    run.attempt = 2
    run.step(11, loss=0.5)
    run.answer(20, "Hello!", "second attempt, 20")
    course.poll()
    assert [row["step"] for row in course.metrics.steps] == list(range(1, 12))
    assert len(course.smoothed) == 11
    assert [row["answer"] for row in course.samples] == ["first attempt, 0", "first attempt, 10", "second attempt, 20"]
