"""The plan: what auto becomes, what is warned of."""

import json
import os
import shutil
from pathlib import Path

import pytest

from workbench.config.build import build
from workbench.config.methods import AdaLoraSettings
from workbench.config.run_config import RunConfig
from workbench.errors import DataError, ModelError, SettingError
from workbench.monitoring.trackers.table import TRACKERS
from workbench.training import plan
from workbench.training.checks import find_problems
from workbench.training.command import command_for
from workbench.training.order import DataOrder


def sentences(planned: plan.Plan) -> str:
    return " ".join(problem.sentence for problem in find_problems(planned))


def test_small_data_gets_enough_updates(config: RunConfig, root: Path) -> None:
    planned = plan.make(config.changed("training.epochs", "auto"), root)
    assert planned.steps >= 80
    assert "updates" in planned.auto["training.epochs"].why
    assert sentences(planned) == ""


def test_too_few_updates_are_warned_of(config: RunConfig, root: Path) -> None:
    planned = plan.make(config.changed("training.epochs", 1), root)
    assert "Only 6 updates: too few to change how it talks." in sentences(planned)


def test_max_steps_limits_and_auto_values_are_told(config: RunConfig, root: Path) -> None:
    planned = plan.make(config.changed("training.max_steps", 5).changed("training.save_every", "auto"), root)
    assert planned.steps == 5
    assert planned.config.training.save_every == 1
    assert planned.auto["method.alpha"].value == 16.0


def test_adalora_divides_the_updates_among_its_phases(config: RunConfig, root: Path) -> None:
    changes = {"method.name": "adalora", "training.epochs": 10}
    method = plan.make(build(changes, config), root).config.method
    assert isinstance(method, AdaLoraSettings)
    assert (method.initial_rank, method.initial_updates, method.final_updates, method.allocate_every) == (12, 6, 24, 1)
    late = plan.make(build(changes | {"method.initial_updates": 36}, config), root)
    assert "Ranks have no time to change: 36 updates before and 24 after are all of 60." in sentences(late)


def test_more_tokens_than_the_model_reads_is_an_error(config: RunConfig, root: Path) -> None:
    planned = plan.make(config.changed("data.max_length", 4096), root)
    assert find_problems(planned)[0].level == "error"
    assert "256" in find_problems(planned)[0].sentence


def test_blocks_that_bitsandbytes_reads_wrongly_are_refused_on_the_standard_path(config: RunConfig, root: Path) -> None:
    changes = {"model.quantization": "nf4", "model.quantization_block_size": 128}
    standard = plan.make(build(changes | {"hardware.engine": "standard"}, config), root)
    assert "in blocks of 128 where rows are 64 wide. Choose 64" in sentences(standard)
    fast = plan.make(build(changes | {"hardware.engine": "fast"}, config), root)
    usual = plan.make(build({"model.quantization": "nf4", "hardware.engine": "standard"}, config), root)
    assert "blocks" not in sentences(fast) + sentences(usual)


def test_a_bad_row_is_counted_and_said(config: RunConfig, root: Path, examples: Path) -> None:
    lines = examples.read_text().splitlines()
    examples.write_text("\n".join([*lines[:10], "{broken", *lines[10:]]))
    planned = plan.make(config, root)
    assert (planned.examples, planned.rejected) == (24, 1)
    assert "Left out: 1 row." in sentences(planned)


@pytest.mark.parametrize("content", ["", "\n\n", "null", "hello: there", "\x00\x01\x02"])
def test_a_file_that_is_no_dataset_is_refused(config: RunConfig, root: Path, examples: Path, content: str) -> None:
    examples.write_text(content)
    with pytest.raises(DataError) as caught:
        plan.make(config, root)
    assert caught.value.hint


def test_a_model_without_weights_is_refused(config: RunConfig, root: Path, tmp_path: Path) -> None:
    folder = tmp_path / "empty"
    folder.mkdir()
    (folder / "config.json").write_text(json.dumps({"model_type": "llama", "architectures": ["LlamaForCausalLM"]}))
    with pytest.raises(ModelError, match="cannot be tuned"):
        plan.make(config.changed("model.path", str(folder)), root)


def test_relative_paths_still_mean_the_same_elsewhere(
    config: RunConfig, root: Path, tiny_model: Path, examples: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tiny_model.parent)
    config = config.changed("model.path", tiny_model.name).changed("data.path", os.path.relpath(examples))
    asked = plan.make(config, root).asked
    assert asked.model.path == str(tiny_model)
    assert asked.data.path == str(examples)
    assert plan.make(asked.changed("data.path", "pirate"), root).asked.data.path == "pirate"


def test_the_command_says_what_differs_and_nothing_else() -> None:
    config = build({"data.path": "my file.jsonl", "method.rank": 16})
    assert command_for(config, "n") == (
        "python -m workbench train --model.path starter --data.path 'my file.jsonl' --method.rank 16 --name n"
    )


def test_every_example_is_seen_once_an_epoch_in_another_order() -> None:
    order = DataOrder(examples=10, batch_size=4, seed=1)
    epochs = [[i for step in range(3) for i in order.batch(3 * epoch + step)] for epoch in range(2)]
    assert sorted(epochs[0]) == sorted(epochs[1]) == list(range(10))
    assert epochs[0] != epochs[1]
    assert DataOrder(10, 4, 2).batch(0) != order.batch(0)


def test_a_long_text_counts_as_the_rows_it_will_be_split_into(config: RunConfig, root: Path, tmp_path: Path) -> None:
    file = tmp_path / "log.txt"
    file.write_text("The ship sailed on over the quiet sea.\n\n" * 300)
    config = config.changed("data.path", str(file)).changed("data.max_length", 64)
    planned = plan.make(config, root)
    assert planned.training == 3
    assert planned.steps > 20


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"data.over_long": "drop", "data.max_length": 16}, "every example has more than 16 tokens"),
        ({"data.over_long": "cut_end", "data.max_length": 16}, "every answer begins after 16 tokens"),
        ({"data.eval_path": "copy.jsonl"}, "every example is also kept for checking"),
    ],
)
def test_where_nothing_is_left_the_plan_says_why(
    config: RunConfig, root: Path, examples: Path, settings: dict[str, object], reason: str
) -> None:
    long = "Tell me all about it, please, and leave nothing out at all, whatever it may be, "
    examples.write_text("".join(json.dumps({"question": long + str(n), "answer": "No."}) + "\n" for n in range(5)))
    shutil.copy(examples, examples.with_name("copy.jsonl"))
    if name := settings.get("data.eval_path"):
        settings = {"data.eval_path": str(examples.with_name(str(name)))}
    planned = plan.make(build(settings, config.changed("training.epochs", "auto")), root)
    error = find_problems(planned)[0]
    assert (error.level, error.setting) == ("error", "data.path")
    assert reason in error.sentence
    assert "Only 0 updates" not in sentences(planned)


def test_what_is_not_checked_with_is_told(config: RunConfig, root: Path, tmp_path: Path) -> None:
    file = tmp_path / "many.jsonl"
    file.write_text("".join(json.dumps({"question": f"Is it {n}?", "answer": "It is."}) + "\n" for n in range(600)))
    planned = plan.make(config.changed("data.eval_path", str(file)), root)
    assert planned.held_out == 500
    assert "Only 500 of the 600 examples to check with are used" in sentences(planned)


def test_a_model_without_a_template_is_refused_before_the_start(config: RunConfig, root: Path, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(config.model.path, tmp_path / "bare"))
    (folder / "chat_template.jinja").unlink()
    with pytest.raises(SettingError, match=r"no chat template of its own.*data\.template"):
        plan.make(config.changed("model.path", str(folder)), root)
    plain = plan.make(config.changed("model.path", str(folder)).changed("data.template", "plain"), root)
    assert find_problems(plain) == [] or find_problems(plain)[0].level == "warning"


@pytest.mark.parametrize("name", [name for name in TRACKERS if not TRACKERS[name].is_installed()])
def test_a_tracker_that_is_not_installed_stops_the_start_and_says_how_to_get_it(
    config: RunConfig, root: Path, name: str
) -> None:
    first, *_ = find_problems(plan.make(config.changed("tracking.tracker", name), root))
    assert (first.level, first.setting) == ("error", "tracking.tracker")
    assert TRACKERS[name].install_command in first.sentence
