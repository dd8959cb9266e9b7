"""Smoothing, thinning, and the time that is left."""

import pytest

from workbench.monitoring.series import Smoother, Window, seconds_left, thin, windows


def smooth(values: list[float | None]) -> list[float | None]:
    smoother = Smoother()
    return [smoother.add(value) for value in values]


def test_smoothing_starts_at_the_first_value() -> None:
    assert smooth([4.0, 4.0, 4.0]) == pytest.approx([4.0, 4.0, 4.0])


def test_smoothing_calms_a_spike_and_passes_over_gaps() -> None:
    smoothed = smooth([1.0, 1.0, 5.0, None, 1.0])
    assert smoothed[2] is not None and 1.0 < smoothed[2] < 3.0
    assert smoothed[3] is None
    assert smoothed[4] is not None and smoothed[4] < smoothed[2]


def test_before_the_first_number_there_is_no_average() -> None:
    assert smooth([None, 2.0]) == [None, pytest.approx(2.0)]


def test_few_points_stay_as_they_are() -> None:
    assert thin([1, 2, 3], [3.0, 1.0, 2.0], limit=10) == [0, 1, 2]


def test_thinning_keeps_ends_and_spikes() -> None:
    values = [1.0] * 10_000
    values[4321], values[8765] = 9.0, -9.0
    kept = thin(range(10_000), values, limit=800)
    assert len(kept) <= 800
    assert kept == sorted(set(kept))
    assert {0, 4321, 8765, 9999} <= set(kept)


def test_thinning_lives_with_missing_values() -> None:
    assert len(thin(range(5000), [None] * 5000, limit=100)) <= 100


def test_thinning_shows_each_part_of_a_run_alike_however_many_of_its_points_are_known() -> None:
    steps = [*range(1000), *range(1000, 100_000, 100)]
    kept = [steps[index] for index in thin(steps, [float(step % 7) for step in steps], limit=200)]
    assert sum(step < 1000 for step in kept) < 10


def test_time_left_follows_the_recent_pace() -> None:
    slow = [{"step": step, "seconds": 10.0 * step} for step in range(1, 51)]
    fast = [{"step": 50 + step, "seconds": 500.0 + step} for step in range(1, 51)]
    assert seconds_left(slow + fast, steps=110) == pytest.approx(10.0)


@pytest.mark.parametrize("rows", [[], [{"step": 1, "seconds": 0.5}]])
def test_no_time_is_told_before_there_is_a_pace(rows: list[dict[str, float]]) -> None:
    assert seconds_left(rows, steps=100) is None


def test_windows_are_counted_from_the_end_and_know_how_much_is_chance() -> None:
    first, second = windows([9.0, 1.0, 3.0, 5.0, 5.0], 2)
    assert (first.mean, first.error) == (2.0, pytest.approx(0.7071, abs=1e-4))
    assert second == Window(5.0, 0.0)
    assert windows([1.0], 2) == []
