"""Every method on every kind of model: what it counts beforehand, what it changes, what it saves.

The rows stand in `tests/methods/rows.py`. Each pair learns, or is refused beforehand for the reason that its row names.
"""

import itertools
from pathlib import Path
from typing import Any, get_args

import pytest
import torch
from peft import PeftModel
from safetensors.torch import load_file

from tests.methods.rows import ROWS, Row
from tests.tiny import KINDS, MATRIX, make_model
from workbench.config.build import build
from workbench.config.fields import kind_of
from workbench.config.methods import MethodSettings, method_of
from workbench.errors import SettingError
from workbench.methods.base import Base
from workbench.methods.changed_weights import WEIGHTS, is_changed_weights
from workbench.methods.table import METHODS
from workbench.models.facts import ModelFacts, facts
from workbench.models.layout_reader import read_layout
from workbench.models.layouts import with_layout
from workbench.models.load import load_model, load_outline
from workbench.models.quantization import WHOLE, Quantization

_IDS = torch.arange(3, 35).view(2, 16)
_CELLS = [*itertools.product(ROWS, MATRIX), *(("lora", kind) for kind in KINDS if kind not in MATRIX)]


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> dict[str, ModelFacts]:
    folder = tmp_path_factory.mktemp("matrix")
    known = {kind: facts(make_model(folder / kind, kind)) for kind in KINDS}
    return {kind: with_layout(found, read_layout(load_outline(found.path))) for kind, found in known.items()}


def test_every_method_is_in_the_table_and_has_settings_and_a_row() -> None:
    assert sorted(METHODS) == sorted(map(kind_of, get_args(MethodSettings)))
    assert {method_of(row.name) for row in ROWS.values()} == set(METHODS)


@pytest.mark.slow
@pytest.mark.parametrize(("case", "architecture"), _CELLS)
def test_a_method_learns_and_is_loaded_again(
    case: str, architecture: str, models: dict[str, ModelFacts], tmp_path: Path
) -> None:
    row, known = ROWS[case], models[architecture]
    if due := row.refusal(architecture):
        assert due in refusal(row, known, WHOLE)
        return
    assert not refusal(row, known, WHOLE)
    base = load_model(known.path, "fp32", "cpu")
    frozen = {name: parameter.detach().clone() for name, parameter in base.named_parameters()}
    model, trained = applied(row, known, base)
    before = {name: p.detach().clone() for name, p in trained.items()}
    overfit(model, list(trained.values()), row.rate)
    assert any(not torch.equal(before[name], p) for name, p in trained.items())

    learned = logits(model)
    METHODS[method_of(row.name)].saved_as.write(model, Base(known.name, ""), tmp_path)
    again = loaded(tmp_path, load_model(known.path, "fp32", "cpu"))
    assert (logits(again) - learned).abs().max() <= row.tolerance
    assert row.trains_base == is_changed_weights(tmp_path)
    whole = {name.replace(".base_layer.", "."): p for name, p in bare(again).named_parameters()}
    changed = trained.keys() if row.trains_base else ()
    assert all(torch.equal(whole[name], tensor) for name, tensor in frozen.items() if name not in changed)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["int8", "nf4", "fp4"])
@pytest.mark.parametrize("architecture", ["llama", "gpt2"])
@pytest.mark.parametrize("case", [case for case, row in ROWS.items() if row.quantised])
def test_a_method_learns_on_quantised_weights_or_says_why_not(
    case: str, architecture: str, kind: str, models: dict[str, ModelFacts]
) -> None:
    row, known, quantization = ROWS[case], models[architecture], Quantization(kind)
    if due := row.refusal(architecture, kind):
        assert due in refusal(row, known, quantization)
        return
    assert not refusal(row, known, quantization)
    model, trained = applied(row, known, load_model(known.path, "bf16", "cpu", quantization))
    frozen = {name: p.detach().clone() for name, p in model.named_parameters() if not p.requires_grad}
    with torch.autocast("cpu", torch.bfloat16, cache_enabled=False):
        overfit(model, list(trained.values()), row.rate)
    assert all(torch.equal(frozen[name], p) for name, p in model.named_parameters() if name in frozen)


def settings_of(row: Row) -> Any:
    return build({"method.name": row.name} | {f"method.{key}": value for key, value in row.settings.items()}).method


def refusal(row: Row, known: ModelFacts, quantization: Quantization) -> str:
    """What is said before anything is loaded; "" where there is nothing to say."""
    settings = settings_of(row)
    method = METHODS[settings.name]
    if reason := method.refuses(settings, known, quantization):
        return reason
    try:
        method.trainable(settings, known)
    except SettingError as error:
        return str(error)
    return ""


def applied(row: Row, known: ModelFacts, base: Any) -> tuple[Any, dict[str, torch.nn.Parameter]]:
    """The model and what is trained of it, which is as much as was said beforehand."""
    settings = settings_of(row)
    method = METHODS[settings.name]
    torch.manual_seed(0)
    model = method.apply(base, settings, known)
    trained = {name: p for name, p in model.named_parameters() if p.requires_grad}
    assert sum(p.numel() for p in trained.values()) == method.trainable(settings, known) > 0
    return model, trained


def overfit(model: Any, parameters: list[torch.nn.Parameter], rate: float) -> None:
    """Twenty updates on the same few tokens, which must lower the loss."""
    optimizer = torch.optim.AdamW(parameters, rate)
    model.train()
    losses = []
    for _ in range(20):
        loss = model(_IDS, labels=_IDS).loss
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        losses.append(float(loss.detach()))
    assert min(losses) < 0.99 * losses[0]


def loaded(folder: Path, base: Any) -> Any:
    """The base with what was saved in a folder."""
    if (folder / "prefix").exists():
        PeftModel.from_pretrained(base, str(folder / "lora"))
        return PeftModel.from_pretrained(base, str(folder / "prefix"))
    if not is_changed_weights(folder):
        return PeftModel.from_pretrained(base, str(folder))
    base.load_state_dict(load_file(folder / WEIGHTS), strict=False)
    return base


def logits(model: Any) -> torch.Tensor:
    model.eval()
    with torch.no_grad():
        answer: torch.Tensor = model(_IDS).logits
    return answer


def bare(model: Any) -> Any:
    """The base without its adapter."""
    if not isinstance(model, PeftModel):
        return model
    tuned: Any = model.base_model
    return tuned if model.active_peft_config.is_prompt_learning else tuned.unload()
