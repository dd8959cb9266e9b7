"""What the curves say, each sign on a series that shows it and on one that only resembles it."""

import json
import math
import random
from pathlib import Path

import pytest

from tests.recorded_run import RecordedRun
from workbench.monitoring import learning
from workbench.monitoring.course import Course


@pytest.fixture
def run(root: Path) -> RecordedRun:
    return RecordedRun(root).phase("training")


def record(run: RecordedRun, losses: list[float], **changed: float) -> Course:
    for step, loss in enumerate(losses, start=1):
        run.step(step, loss=loss, **changed)
    return Course(run.dir).poll()


def noisy(level: float, count: int, seed: int = 0) -> list[float]:
    chance = random.Random(seed)
    return [level * chance.lognormvariate(0.0, 0.4) for _ in range(count)]


def test_a_check_that_gives_no_number_is_told(run: RecordedRun) -> None:
    run.train(1, 60)
    run.check(30, 2.0)
    assert learning.broken(Course(run.dir).poll()) is None
    run.check(60, None)
    sentence = str(learning.find_trouble(Course(run.dir).poll()))
    assert sentence.startswith("The check on held-out examples at step 60 gave no number")
    assert "a third of it (0.0013)" in sentence


def test_a_loss_far_above_its_start_has_diverged(run: RecordedRun) -> None:
    course = record(run, [2.0] * 10 + [4.0, 6.0, 8.0, 9.0, 9.0, 9.0, 9.0, 9.0])
    assert str(learning.diverged(course)).startswith("The loss began at 2.00 and is now 9.00: the run has diverged.")


def test_one_bad_batch_is_not_divergence(run: RecordedRun) -> None:
    assert learning.diverged(record(run, [2.0] * 20 + [12.0] + [2.0] * 3)) is None


def test_small_losses_that_treble_are_not_divergence(run: RecordedRun) -> None:
    assert learning.diverged(record(run, [0.02] * 10 + [0.08] * 10)) is None


def test_a_loss_that_climbs_is_told_with_where_it_began(run: RecordedRun) -> None:
    fall = [2.0 - 0.03 * step for step in range(1, 31)]
    course = record(run, fall + [1.1 + 0.1 * step for step in range(1, 31)])
    assert str(learning.rising(course)).startswith("The loss was 1.23 up to step 30 and has risen to 3.65.")


@pytest.mark.parametrize("seed", range(20))
def test_a_trembling_plateau_does_not_rise(run: RecordedRun, seed: int) -> None:
    course = record(run, noisy(3.0, 30, seed) + noisy(0.4, 170, seed + 100))
    assert learning.rising(course) is None and learning.diverged(course) is None


def test_a_gradient_of_zero_is_told_from_the_fifth_on(run: RecordedRun) -> None:
    assert learning.without_gradient(record(run, [2.0] * 4, grad_norm=0.0)) is None
    assert "zero for 9 updates" in str(learning.without_gradient(record(run, [2.0] * 5, grad_norm=0.0)))
    run.step(6)
    assert learning.without_gradient(Course(run.dir).poll()) is None


def test_an_exploding_gradient_is_told(run: RecordedRun) -> None:
    run.train(1, 40)
    assert learning.exploding(Course(run.dir).poll()) is None
    for step in range(41, 46):
        run.step(step, grad_norm=85.0)
    assert "grown from about" in str(learning.exploding(Course(run.dir).poll()))


def test_one_spike_and_a_small_norm_that_grows_are_no_explosion(run: RecordedRun) -> None:
    for step in range(1, 41):
        run.step(step, grad_norm=900.0 if step == 39 else 0.1 if step < 30 else 3.0)
    assert learning.exploding(Course(run.dir).poll()) is None


def test_a_loss_that_stays_is_told_with_what_to_try(run: RecordedRun) -> None:
    sentence = str(learning.still(record(run, [3.0 + 0.01 * (step % 2) for step in range(59)])))
    assert "hardly moved in 59 updates" in sentence and "(0.012)" in sentence


def test_a_loss_that_stays_is_no_sign_while_the_run_warms_up(root: Path) -> None:
    run = RecordedRun(root, steps=10_000).phase("training")
    assert learning.still(record(run, [3.0] * 400)) is None


def test_a_check_that_fell_shows_that_it_learns(run: RecordedRun) -> None:
    run.check(0, 3.0)
    run.check(60, 2.5)
    assert learning.still(record(run, [3.0] * 60)) is None


def test_what_is_known_already_need_not_move(run: RecordedRun) -> None:
    assert learning.still(record(run, [0.01] * 60)) is None


def test_memorising_is_told_with_the_best_step(run: RecordedRun) -> None:
    run.train(1, 200)
    for step, loss in ((0, 3.7), (50, 2.0), (100, 2.3), (150, 2.6)):
        run.check(step, loss)
    sentence = str(learning.memorising(Course(run.dir).poll()))
    assert "lowest at step 50 (2.00) and has risen to 2.60" in sentence


def test_an_evaluation_that_rises_with_the_loss_is_not_called_memorising(run: RecordedRun) -> None:
    for step, loss in ((0, 2.0), (20, 1.9), (40, 2.2)):
        run.check(step, loss)
    assert learning.memorising(record(run, [2.0 + 0.001 * step for step in range(1, 60)])) is None


def test_a_check_that_trembles_is_not_memorising(run: RecordedRun) -> None:
    run.train(1, 200)
    for step, loss in ((0, 3.7), (50, 2.0), (100, 2.02), (150, 2.04)):
        run.check(step, loss)
    assert learning.memorising(Course(run.dir).poll()) is None


@pytest.mark.parametrize(("steps", "told"), [(0, False), (12, True), (29, True), (30, False)])
def test_few_updates_are_told(root: Path, steps: int, told: bool) -> None:
    run = RecordedRun(root, steps=steps).phase("training")
    assert (learning.too_short(Course(run.dir)) is not None) == told


def record_long(run: RecordedRun, losses: list[float], **changed: float) -> Course:
    """As `record`, for runs of which not all can be kept in memory."""
    run.step(1, **changed)
    row = json.loads(run.dir.metrics_path.read_text(encoding="utf-8"))
    lines = (json.dumps(row | {"step": step, "loss": loss}) + "\n" for step, loss in enumerate(losses, start=1))
    run.dir.metrics_path.write_text("".join(lines), encoding="utf-8")
    return Course(run.dir).poll()


def test_of_a_long_run_the_same_is_said(root: Path) -> None:
    run = RecordedRun(root, steps=20_000).phase("training")
    falling = [1.0 + 3.0 * math.exp(-step / 3000) for step in range(20_000)]
    course = record_long(run, falling)
    assert len(course.metrics.steps) < 9000
    assert learning.find_trouble(course) is None
    run.check(5_000, 1.5)
    run.check(10_000, 2.5)
    run.check(20_000, 2.9)
    assert "lowest at step 5000" in str(learning.memorising(course.poll()))


def test_a_long_run_that_goes_nowhere_is_told_with_its_whole_length(root: Path) -> None:
    run = RecordedRun(root, steps=20_000).phase("training")
    course = record_long(run, [3.0 + 0.01 * (step % 2) for step in range(12_000)], grad_norm=0.5)
    assert "in 12000 updates" in str(learning.still(course))


def test_a_gradient_that_is_zero_all_along_a_long_run_is_counted_in_full(root: Path) -> None:
    run = RecordedRun(root, steps=20_000).phase("training")
    course = record_long(run, [2.0 + 0.1 * (step % 3) for step in range(12_000)], grad_norm=0.0)
    assert "zero for 12000 updates" in str(learning.without_gradient(course))
