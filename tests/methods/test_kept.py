"""How large the file of a result is, told before anything is trained, where that is not what is trained."""

from pathlib import Path

import pytest
from safetensors.torch import load_file

from workbench.config.build import build
from workbench.config.methods import MethodSettings
from workbench.methods.peft_folder import WEIGHTS
from workbench.methods.table import METHODS
from workbench.models.facts import facts
from workbench.models.load import load_model


def settings(name: str, **method: object) -> MethodSettings:
    return build({"method.name": name} | {f"method.{key}": value for key, value in method.items()}).method


@pytest.mark.parametrize(
    "chosen",
    [
        settings("vera", projection_rank=16),
        settings("vera", projection_rank=16, target_modules="attention"),
        settings("p_tuning", virtual_tokens=4, encoder_hidden_size=32),
        settings("ia3"),
    ],
    ids=["vera", "vera attention", "p_tuning", "ia3"],
)
def test_a_file_holds_as_many_numbers_as_was_said(chosen: MethodSettings, tiny_model: Path, tmp_path: Path) -> None:
    method, known = METHODS[chosen.name], facts(tiny_model)
    model = method.apply(load_model(tiny_model, "fp32", "cpu"), chosen, known)
    model.save_pretrained(str(tmp_path), save_embedding_layers=False)
    saved = sum(tensor.numel() for tensor in load_file(tmp_path / WEIGHTS).values())
    assert method.kept(chosen, known) == saved


def test_of_adalora_the_final_ranks_are_told(tiny_model: Path) -> None:
    chosen, known = settings("adalora", rank=4, initial_rank=6), facts(tiny_model)
    method = METHODS[chosen.name]
    assert method.kept(chosen, known) * 6 == method.trainable(chosen, known) * 4
