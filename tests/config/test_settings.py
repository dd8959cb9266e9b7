"""A setting is declared once: flags, YAML and checks all follow from it."""

from pathlib import Path

import pytest

from workbench.config import presets, yaml_io
from workbench.config.build import build
from workbench.config.docs import table
from workbench.config.fields import leaves, value_at
from workbench.config.names import check_id, slug
from workbench.config.run_config import RunConfig
from workbench.errors import SettingError, WorkbenchError
from workbench.training.command import command_for


def test_every_setting_has_label_and_help() -> None:
    for leaf in leaves(RunConfig):
        assert len(leaf.spec.label) > 3, leaf.path
        assert leaf.spec.help.endswith("."), leaf.path


def test_defaults_are_within_their_own_limits() -> None:
    for method in next(leaf.spec.choices for leaf in leaves(RunConfig) if leaf.path == "method.name"):
        its_own = [leaf for leaf in leaves(RunConfig) if not leaf.kinds or method in leaf.kinds]
        defaults = {leaf.path: leaf.default for leaf in its_own} | {"method.name": method}
        assert build(defaults) == build({"method.name": method})


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("method.rank", 0, "method.rank: 0 is outside 1 to 256"),
        ("method.rank", "many", "'many' is not a whole number"),
        ("training.learning_rate", float("nan"), "nan is outside"),
        ("training.learning_rate", "5", "5.0 is outside"),
        ("model.precision", "fp8", "'fp8' is not one of auto, fp32, bf16"),
        ("method.rnk", 4, "There is no setting method.rnk. Did you mean method.rank?"),
        ("rank", 4, "There is no setting rank"),
        ("method.name", "lara", "method.name"),
        ("evaluation.prompts", "a\nb\nc\nd\ne\nf", "evaluation.prompts: 6 are more than 5."),
        ("evaluation.prompts", ["x" * 2001], "has 2,001 characters, 2,000 are allowed"),
        ("evaluation.prompts", ["a\nb"], "has several lines"),
        ("evaluation.prompts", [1], "[1] is not a list of texts"),
        ("evaluation.prompts", None, "None is not a list of texts"),
    ],
)
def test_a_bad_value_is_named_with_its_setting(path: str, value: object, said: str) -> None:
    with pytest.raises(SettingError) as caught:
        build({path: value})
    assert said in str(caught.value)
    assert caught.value.hint


def test_text_from_flags_becomes_numbers() -> None:
    config = build({"method.rank": "16", "training.epochs": "auto", "training.gradient_checkpointing": "true"})
    assert (config.method.rank, config.training.epochs, config.training.gradient_checkpointing) == (16, "auto", True)


def test_yaml_round_trip_keeps_every_setting(tmp_path) -> None:
    config = build({"method.rank": 32, "training.learning_rate": 1e-5, "data.path": "a: #b", "training.epochs": 3})
    file = tmp_path / "config.yaml"
    file.write_text(yaml_io.dump(config), encoding="utf-8")
    assert yaml_io.load(file) == config


def test_target_modules_may_be_a_list_in_yaml(tmp_path) -> None:
    file = tmp_path / "config.yaml"
    file.write_text("method:\n  target_modules: [q_proj, v_proj]\n")
    assert yaml_io.load(file).method.target_modules == "q_proj, v_proj"


@pytest.mark.parametrize("given", ["a?\n\n b? \na?", ["a?", "b?"]])
def test_prompts_may_be_lines_or_a_list_and_survive_the_file_and_the_command(tmp_path, given: object) -> None:
    config = build({"evaluation.prompts": given})
    assert config.evaluation.prompts == ["a?", "b?"]
    file = tmp_path / "config.yaml"
    file.write_text(yaml_io.dump(config), encoding="utf-8")
    assert yaml_io.load(file) == config
    assert command_for(config).endswith("--evaluation.prompts 'a?' --evaluation.prompts 'b?'")


@pytest.mark.parametrize("text", ["- 1\n", "a: [", "!!python/object/apply:os.system [true]", "\x00", "nonsense: {}"])
def test_a_file_that_is_no_settings_file_is_refused(tmp_path, text: str) -> None:
    file = tmp_path / "bad.yaml"
    file.write_text(text)
    with pytest.raises(WorkbenchError):
        yaml_io.load(file)


@pytest.mark.parametrize("name", presets.names())
def test_every_preset_is_a_config(name: str) -> None:
    assert isinstance(presets.load(name), RunConfig)


def test_a_preset_keeps_what_it_does_not_name() -> None:
    mine = build({"data.path": "shop", "method.rank": 99})
    loaded = presets.load("balanced", mine)
    assert loaded.data.path == "shop"
    assert [change.path for change in presets.changes(mine, loaded)] == ["method.rank", "training.target_updates"]


def test_changed_replaces_one_setting_only() -> None:
    config = RunConfig().changed("training.epochs", 7)
    assert value_at(config, "training.epochs") == 7
    assert [change.path for change in presets.changes(RunConfig(), config)] == ["training.epochs"]


@pytest.mark.parametrize(
    "text", ["", ".", "..", "../x", "a/b", "a\\b", "/etc", "a\n", "x" * 65, ".hidden", "a b", "‮abc", "x.", "a\0"]
)
def test_names_that_could_leave_the_folder_are_refused(text: str) -> None:
    with pytest.raises(WorkbenchError):
        check_id(text)


def test_a_slug_is_a_valid_name() -> None:
    for text in ("My pirate!", "…", "../../etc", "Ä Ö", "x" * 500):
        assert check_id(slug(text))


def test_the_settings_page_is_as_generated() -> None:
    page = Path(__file__).parents[2] / "docs" / "settings.md"
    assert page.read_text(encoding="utf-8") == table(), "run `python -m workbench.config.docs > docs/settings.md`"


def test_another_method_keeps_the_settings_that_it_has_too() -> None:
    lora = build({"method.rank": 32, "method.dropout": 0.1, "method.target_modules": "mlp"})
    lokr = build({"method.name": "lokr"}, lora)
    kept = {"rank": 32, "alpha": "auto", "target_modules": "mlp", "layers": "all"}
    assert lokr.method.model_dump() == {"name": "lokr"} | kept
    dropped = [str(change) for change in presets.changes(lora, lokr)]
    assert "Adapter dropout: 0.1 → –" in dropped


def test_a_setting_of_another_method_is_refused_by_name() -> None:
    with pytest.raises(SettingError, match=r"There is no setting method\.rank for ia3") as caught:
        build({"method.rank": 4, "method.name": "ia3"})
    assert "lora" in caught.value.hint


def test_dora_is_another_name_for_lora_with_a_setting() -> None:
    config = build({"method.name": "dora", "method.rank": 4})
    assert (config.method.name, config.method.use_dora, config.method.rank) == ("lora", True, 4)
    assert build({}, config) == config


def test_qlora_is_another_name_for_lora_on_4_bits(tmp_path: Path) -> None:
    config = build({"method.name": "qlora", "method.rank": 4})
    assert (config.method.name, config.model.quantization, config.method.rank) == ("lora", "nf4", 4)
    file = tmp_path / "config.yaml"
    file.write_text("method:\n  name: qlora\n  rank: 4\n")
    assert yaml_io.load(file) == config


def test_a_preset_changes_only_what_the_method_has() -> None:
    assert presets.load("thorough", build({"method.name": "ia3"})).method == build({"method.name": "ia3"}).method


def test_settings_that_methods_share_are_one(tmp_path: Path) -> None:
    paths = [leaf.path for leaf in leaves(RunConfig)]
    assert len(paths) == len(set(paths))
    config = build({"method.name": "oft", "method.block_size": 16})
    file = tmp_path / "config.yaml"
    file.write_text(yaml_io.dump(config), encoding="utf-8")
    assert yaml_io.load(file) == config
