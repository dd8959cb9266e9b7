"""GGUF files in llama.cpp itself: they split words and answer as the tuned model does in transformers."""

from pathlib import Path

import pytest

from tests.export.gguf_made import ODD_TEXTS, PROMPTS, Llama, Transformers, made_model, parting, tuned_run, write

pytestmark = [pytest.mark.slow, pytest.mark.needs_llama]

STARTER = Path(__file__).parents[2] / "presets" / "model"
FAMILIES = {"llama": ("llama", True), "untied": ("llama", False), "mistral": ("mistral", True), "starter": (None, True)}

_NEARLY_ALIKE = {"F32": 0.0, "F16": 0.01}
"""Where rounded weights may choose the other of two tokens."""


@pytest.mark.parametrize("numbers", ["F32", "F16"])
@pytest.mark.parametrize("family", FAMILIES)
def test_it_splits_words_and_goes_on_as_the_tuned_model(family: str, numbers: str, root: Path, tmp_path: Path) -> None:
    kind, tied = FAMILIES[family]
    model = made_model(tmp_path / family, kind, tied=tied) if kind else STARTER
    run = tuned_run(root, model, f"{family}-tuned")
    due, found = Transformers(run), Llama(write(run, "gguf", numbers, tmp_path / "out"))
    assert [found.encode(text) for text in ODD_TEXTS] == [due.encode(text) for text in ODD_TEXTS]
    assert len(PROMPTS) >= 20
    assert max(parting(found, due, text) for text in PROMPTS) <= _NEARLY_ALIKE[numbers]
    if numbers == "F32":
        ids = due.encode(PROMPTS[0])
        assert abs(found.logits(ids) - due.logits(ids)).max() <= 1e-3
