"""The choice of layers: what it offers for a model, and what the last choice does to the ones before."""

from pathlib import Path

import gradio as gr
import pytest

from tests.tiny import make_model
from workbench.config.build import build
from workbench.jobs.files import write_json
from workbench.methods.targets import choose
from workbench.models import layouts
from workbench.models.facts import facts
from workbench.models.layout_reader import read_layout
from workbench.models.load import load_outline
from workbench.ui.choices import find_model
from workbench.ui.form import Form
from workbench.ui.target_choice import TARGETS, settled_targets, target_options


def test_roles_come_first_then_the_models_own_names_with_their_sizes(tiny_model: Path) -> None:
    options = target_options(facts(tiny_model))
    names = [value for _, value in options]
    assert names[:3] == ["all-linear", "attention", "mlp"]
    assert sorted(names[3:]) == facts(tiny_model).linear_names
    labels = {value: label for label, value in options}
    assert labels["q_proj"] == "q_proj · 2 layers, 64 × 64"
    assert labels["attention"] == "attention · 8 layers, 2 sizes"


def test_names_that_mean_layers_in_two_places_are_told_apart(tmp_path: Path) -> None:
    model = facts(make_model(tmp_path / "gpt2", "gpt2"))
    names = [value for _, value in target_options(model)]
    assert sorted(names[3:]) == ["attn.c_proj", "c_attn", "c_fc", "mlp.c_proj"]
    assert all(choose(name, model.linear_shapes) for name in names)


def test_the_experts_of_a_mixture_are_offered_once_its_layers_are_listed(root: Path) -> None:
    folder = make_model(root / "models" / "mixtral", "mixtral")
    answer = root / "cache" / "layouts" / layouts.key(folder) / "layout.json"
    answer.parent.mkdir(parents=True)
    write_json(answer, read_layout(load_outline(folder)).to_json())
    model = find_model(root, "mixtral")
    assert model is not None
    labels = {value: label for label, value in target_options(model)}
    assert labels["experts"] == "experts · 4 layers, 2 sizes"
    assert labels["all-linear"].startswith("all linear · 8 layers")


@pytest.mark.parametrize(
    ("before", "chosen", "settled"),
    [
        ("all-linear", "all-linear, attention", "attention"),
        ("attention, up_proj", "attention, up_proj, all-linear", "all-linear"),
        ("attention", "attention, up_proj", None),
        ("attention", "all-linear", None),
        ("all-linear", "", None),
    ],
)
def test_all_layers_and_some_of_them_is_no_choice(before: str, chosen: str, settled: str | None) -> None:
    implied = settled_targets(build({TARGETS: chosen}), build({TARGETS: before}))
    assert implied == ({TARGETS: settled} if settled else {})


def test_the_list_holds_names_and_the_setting_one_text() -> None:
    with gr.Blocks():
        form = Form()
        form.place(lambda leaf: True)
    written = {field: update["value"] for field, update in form.write(build({TARGETS: "q_proj,mlp"})).items()}
    assert written[form.fields[TARGETS]] == ["q_proj", "mlp"]
    assert form.read(written).method == build({TARGETS: "q_proj, mlp"}).method
