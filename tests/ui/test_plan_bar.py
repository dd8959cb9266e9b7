"""The bar of what memory goes to: its lengths, its verdict in words and shape, and what a screen reader is told."""

import re

import pytest

from workbench.memory.terms import TERMS, Estimate
from workbench.ui.plan.bar import Bar, render

NEED = Estimate({"training": {"libraries": 0.5e9, "weights": 2.5e9, "optimizer": 0.0, "activations": 1e9}})
LOADING = Estimate({"loading": {"weights": 5e9}, "training": {"weights": 2e9}})


def lengths(drawn: str) -> dict[str, float]:
    return {name: float(width) for name, width in re.findall(r'class="term (\w+)" style="width:([\d.]+)%', drawn)}


def test_the_terms_are_as_long_as_their_part_of_all_memory() -> None:
    drawn = render(Bar(NEED, free_gb=6.0, total_gb=8.0))
    assert lengths(drawn) == {"libraries": 6.25, "weights": 31.25, "activations": 12.5}
    assert 'class="free" style="left:75.00%"' in drawn
    assert 'class="others" style="left:75.00%;width:25.00%"' in drawn


def test_what_is_larger_than_the_machine_fills_the_bar() -> None:
    drawn = render(Bar(NEED, free_gb=1.0, total_gb=2.0))
    assert sum(lengths(drawn).values()) == pytest.approx(100)
    assert 'class="free" style="left:25.00%"' in drawn


@pytest.mark.parametrize(
    ("free_gb", "shape", "words"), [(6.0, "✓", "fits"), (4.5, "▲", "tight"), (3.0, "✕", "will not fit")]
)
def test_the_verdict_is_said_in_words_and_shape(free_gb: float, shape: str, words: str) -> None:
    drawn = render(Bar(NEED, free_gb, total_gb=8.0))
    assert f'<span aria-hidden="true">{shape}</span> {words}' in drawn
    assert f"memory: 4.0 GB needed, {free_gb:.1f} GB free, 8.0 GB in all: {words}." in drawn


def test_every_term_is_listed_with_its_size() -> None:
    told = re.sub(r"<[^>]+>", "", render(Bar(NEED, 6.0, 8.0)))
    assert "weights 2.5 GB" in told and "Python and libraries 0.50 GB" in told
    assert TERMS["optimizer"].label not in told


def test_a_peak_while_loading_is_said() -> None:
    assert "while the model is loaded" in render(Bar(LOADING, 6.0, 8.0))
    assert "while the model is loaded" not in render(Bar(NEED, 6.0, 8.0))
