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


def test_a_narrow_span_is_one_number() -> None:
    assert quantities.span(38, 44) == "about 40 s"
    assert quantities.span(4, 13) == "4 s to 13 s"


@pytest.mark.parametrize(("value", "typed"), [(0.004, "0.004"), (1e-7, "1e-07"), (8, "8"), ("auto", "auto")])
def test_settings_as_one_would_type_them(value: object, typed: str) -> None:
    assert quantities.setting_value(value) == typed
