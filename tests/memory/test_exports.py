"""How large exports are, by hand."""

from pathlib import Path

import pytest

from workbench.memory.exports import export_bytes
from workbench.models.facts import ModelFacts

_VOCABULARY = 1000
_MODEL = ModelFacts(
    "made",
    Path(),
    parameters=_VOCABULARY * 64 + 64 + 10 * 48,
    vocabulary=_VOCABULARY,
    shapes={"embed": (_VOCABULARY, 64), "norm": (64,), "odd": (10, 48)},
)


def test_a_number_takes_what_its_form_gives_it() -> None:
    sizes = export_bytes(_MODEL, kept=500)
    assert sizes["adapter"] == 2000
    assert sizes["merged, fp32"] - sizes["merged, bf16"] == 2 * _MODEL.parameters
    assert sizes["merged, bf16"] == sizes["merged, fp16"] == 2 * _MODEL.parameters + 50 * _VOCABULARY


def test_in_blocks_of_8_bits_vectors_and_odd_rows_stay_as_they_are() -> None:
    sizes = export_bytes(_MODEL, kept=500)
    assert sizes["GGUF, F16"] == 2 * 64_000 + 4 * 64 + 2 * 480 + 36 * _VOCABULARY
    assert sizes["GGUF, Q8_0"] == 34 * 2000 + 4 * 64 + 2 * 480 + 36 * _VOCABULARY


def test_a_model_that_is_not_here_yet_is_all_matrices() -> None:
    """SmolLM2-135M as Q8_0 has 145 MB."""
    unseen = ModelFacts("smol", Path(), parameters=134_515_008, vocabulary=49_152)
    assert export_bytes(unseen, kept=0)["GGUF, Q8_0"] == pytest.approx(145e6, rel=0.01)
