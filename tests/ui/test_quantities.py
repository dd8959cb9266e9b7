"""Numbers as a person reads them."""

import pytest

from workbench.ui import quantities


@pytest.mark.parametrize(
    ("number", "words"), [(16_384, "16,384"), (300_000, "0.30 M"), (5_100_000, "5.1 M"), (1.5e9, "1.5 B")]
)
def test_counts(number: float, words: str) -> None:
    assert quantities.short_count(number) == words


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.2, "1 s"), (41, "40 s"), (600, "10 min"), (7200, "2.0 h"), (200_000, "2.3 days")]
)
def test_durations(seconds: float, words: str) -> None:
    assert quantities.duration(seconds) == words


@pytest.mark.parametrize(
    ("seconds", "words"), [(59, "just now"), (61, "1 min ago"), (3599, "59 min ago"), (9000, "2.5 h ago")]
)
def test_ages(seconds: float, words: str) -> None:
    assert quantities.age(seconds) == words


@pytest.mark.parametrize(
    ("done", "total", "rate", "words"),
    [
        (0, 0, 5e6, ""),
        (5e6, 20e6, 0.0, "5.0 MB of 20.0 MB"),
        (5e6, 2e9, 5e6, "5.0 MB of 2.0 GB · 5.0 MB/s · about 7 min left"),
        (20e6, 20e6, 5e6, "20.0 MB of 20.0 MB"),
    ],
)
def test_how_far_bytes_have_come(done: float, total: float, rate: float, words: str) -> None:
    assert quantities.transfer(done, total, rate) == words


def test_a_narrow_span_is_one_number() -> None:
    assert quantities.span(38, 44) == "about 40 s"
    assert quantities.span(4, 13) == "4 s to 13 s"


@pytest.mark.parametrize(("value", "typed"), [(0.004, "0.004"), (1e-7, "1e-07"), (8, "8"), ("auto", "auto")])
def test_settings_as_one_would_type_them(value: object, typed: str) -> None:
    assert quantities.setting_value(value) == typed
