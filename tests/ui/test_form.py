"""The form: made from the settings, read and written by name."""

from typing import Any

import gradio as gr
import pytest

from workbench.config import presets
from workbench.config.build import build
from workbench.config.fields import value_at
from workbench.config.run_config import RunConfig
from workbench.errors import SettingError
from workbench.monitoring.trackers.table import TRACKERS
from workbench.runs.run_dir import Resolved
from workbench.ui.form import LEAVES, Form, restore


@pytest.fixture
def form() -> Form:
    with gr.Blocks():
        made = Form()
        made.place(lambda leaf: not leaf.spec.advanced)
        made.place_folded("More", "more", lambda leaf: leaf.section == "method")
        made.place_folded("Advanced", "advanced", lambda leaf: True)
    return made


def filled(form: Form, config: RunConfig) -> dict[Any, Any]:
    """What the browser would send with this config in the form."""
    return {field: update["value"] for field, update in form.write(config).items()}


def test_every_setting_has_a_component_with_help_and_an_id_of_its_own(form: Form) -> None:
    assert form.fields.keys() == LEAVES.keys()
    assert len({field.elem_id for field in form.fields.values()}) == len(LEAVES)
    assert all(getattr(field, "info", "") for field in form.fields.values())


@pytest.mark.parametrize("name", presets.names())
def test_what_is_written_is_read_again(form: Form, name: str) -> None:
    config = presets.load(name)
    assert form.read(filled(form, config)) == config


def test_prompts_are_lines_and_a_switch_stands_for_two_choices(form: Form) -> None:
    config = build({"evaluation.prompts": ["Hello!", "Who are you?"], "hardware.priority": "normal"})
    written = filled(form, config)
    assert written[form.fields["evaluation.prompts"]] == "Hello!\nWho are you?"
    assert written[form.fields["hardware.priority"]] is True
    assert form.read(written) == config
    assert form.read(filled(form, RunConfig())) == RunConfig()


def test_a_config_of_only_numbers_survives_the_form(form: Form) -> None:
    numbers: dict[str, Any] = {
        "training.epochs": 3,
        "training.learning_rate": 0.00015,
        "method.alpha": 12.5,
        "data.max_length": 100_000,
        "hardware.threads": 2,
    }
    config = build(numbers)
    assert form.read(filled(form, config)) == config


@pytest.mark.parametrize(("typed", "meant"), [("", "auto"), (" auto ", "auto"), ("4e-3", 0.004), ("1", 1.0)])
def test_an_empty_box_is_auto(form: Form, typed: str, meant: object) -> None:
    values = filled(form, RunConfig()) | {form.fields["training.learning_rate"]: typed}
    assert form.read(values).training.learning_rate == meant


@pytest.mark.parametrize(
    ("path", "typed"),
    [
        ("method.rank", 0),
        ("method.rank", 2.5),
        ("method.rank", None),
        ("training.epochs", "many"),
        ("training.epochs", "1.5"),
        ("training.learning_rate", "nan"),
        ("training.scheduler", "../../etc/passwd"),
    ],
)
def test_what_cannot_be_is_refused_with_its_setting(form: Form, path: str, typed: object) -> None:
    values = filled(form, RunConfig()) | {form.fields[path]: typed}
    with pytest.raises(SettingError) as caught:
        form.read(values)
    assert caught.value.setting == path


def test_a_box_on_auto_shows_what_auto_becomes(form: Form) -> None:
    updates = form.reflect(RunConfig(), {"training.epochs": Resolved(6, "few examples")}, {})
    assert updates[form.fields["training.epochs"]]["placeholder"] == "auto: 6"


def test_the_folds_count_what_was_changed(form: Form) -> None:
    config = build({"method.dropout": 0.1, "training.seed": 7, "training.scheduler": "linear"})
    labels = [update["label"] for update in form.reflect(config, {}, {}).values() if "label" in update]
    assert labels == ["More · 1 changed", "Advanced · 2 changed"]


def test_a_setting_that_does_not_matter_cannot_be_edited(form: Form) -> None:
    field = form.fields["training.target_updates"]
    assert form.reflect(RunConfig(), {}, {})[field]["interactive"]
    assert not form.reflect(build({"training.epochs": 2}), {}, {})[field]["interactive"]


def test_an_old_form_comes_back_without_what_has_become_impossible() -> None:
    config = restore({"method.rank": 16, "method.gone": 1, "training.epochs": "never", "training.seed": 5})
    assert (config.method.rank, config.training.seed) == (16, 5)
    assert value_at(config, "training.epochs") == "auto"


def test_a_tracker_that_is_missing_says_so_in_the_list(form: Form) -> None:
    field = form.fields["tracking.tracker"]
    assert isinstance(field, gr.Dropdown)
    marked = {name for label, name in field.choices if label.endswith("(not installed)")}
    assert marked == {name for name, entry in TRACKERS.items() if not entry.is_installed()}
