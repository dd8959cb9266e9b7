"""Choosing a model on the page: what is said of each."""

from dataclasses import replace
from pathlib import Path

import pytest

from workbench.models.facts import ModelFacts, facts
from workbench.ui.choices import find_model, model_options
from workbench.ui.models.facts_line import describe_model

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def stocked(root: Path, tiny_model: Path) -> Path:
    """A workspace with a model that can be tuned, and one that cannot."""
    (root / "models" / "an-empty-one").mkdir(parents=True)
    (root / "models" / "tiny").symlink_to(tiny_model)
    return root


@pytest.fixture
def huge(tiny_model: Path) -> ModelFacts:
    """More than any machine of today can hold."""
    known = facts(tiny_model)
    return replace(known, parameters=10**14, linear_shapes={"q_proj": (10**7, 10**7)})


def test_the_line_tells_all_there_is_to_know(stocked: Path) -> None:
    line = describe_model(find_model(stocked, "tiny"))
    assert "parameters · chat · reads 256 tokens · fp32 · " in line
    assert "kB on disk" in line or "MB on disk" in line
    assert "<b>fits</b>: tuning takes about 0." in line


def test_a_model_that_is_too_large_says_so(huge: ModelFacts) -> None:
    assert '<span class="fit too-large-here"><b>too large here</b>: tuning takes about ' in describe_model(huge)


def test_a_name_is_text(tiny_model: Path) -> None:
    hostile = replace(facts(tiny_model), dtype=HOSTILE)
    assert "<script" not in describe_model(hostile)
    assert "<script" not in describe_model(replace(hostile, tunable=False, reason=HOSTILE))


def test_the_menu_lists_every_folder_and_marks_what_cannot_be_tuned(stocked: Path) -> None:
    options = model_options(stocked)
    assert ("tiny", "tiny") in options
    assert ("an-empty-one (cannot be tuned)", "an-empty-one") in options
