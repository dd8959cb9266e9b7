"""From a run to the next one: what reaches the form, and how the form shows an adapter that is gone on from."""

import shutil
from pathlib import Path

import gradio as gr
import pytest

from tests.recorded_run import RecordedRun
from workbench.chat.client import ChatClient
from workbench.config.build import build
from workbench.config.presets import changes
from workbench.config.run_config import RunConfig
from workbench.errors import RunError
from workbench.jobs.files import write_json
from workbench.models.catalog import STARTER_FOLDER
from workbench.models.fingerprint import fingerprint
from workbench.monitoring.advice import Advice
from workbench.ui.advice import find_advice
from workbench.ui.app import build as build_page
from workbench.ui.choices import adapter_options, merged_options
from workbench.ui.control import control
from workbench.ui.next_run import read_change, with_adapter, with_change
from workbench.ui.setup import Setup
from workbench.ui.snapshot import describe
from workbench.ui.watch import Watched


@pytest.fixture(autouse=True)
def _reading_here(reading_here: None) -> None:
    """The form here plans with the data."""


@pytest.fixture
def run(root: Path) -> RecordedRun:
    run = RecordedRun(root, data__path="shop", method__rank=4, method__alpha=8.0)
    write_json(run.dir.environment_path, {"model": {"fingerprint": fingerprint(STARTER_FOLDER)}})
    run.check(0, 3.7)
    run.train(1, 480)
    for step, loss in ((160, 1.9), (480, 2.5)):
        run.check(step, loss)
    return run.finish()


@pytest.fixture
def setup(root: Path, run: RecordedRun) -> Setup:
    with gr.Blocks():
        return Setup(root, ChatClient(root / "chat.log"))


def test_one_setting_of_the_run_changes_on_the_way_to_the_form(root: Path, run: RecordedRun) -> None:
    config, note = read_change(root, with_change(run.dir, find_advice(run.dir, "copies")), RunConfig())
    assert [(change.path, change.old, change.new) for change in changes(run.dir.asked(), config)] == [
        ("training.epochs", "auto", 2)
    ]
    assert note.strip() == "As in pirate-1, but for epochs 6 → 2."


def test_another_rank_begins_a_new_adapter(root: Path, run: RecordedRun) -> None:
    child = RecordedRun(root, "child", model__adapter="pirate-1", method__rank=4).train(1, 9).finish()
    config, note = read_change(
        root, with_change(child.dir, Advice("It is too small.", "method.rank", 4, 8)), RunConfig()
    )
    assert (config.method.rank, config.model.adapter) == (8, "")
    assert note.strip() == "As in child, but for rank 4 → 8. It begins a new adapter."


def test_a_run_alone_brings_its_settings_as_they_were(root: Path, run: RecordedRun) -> None:
    assert read_change(root, run.dir.id, RunConfig()) == (run.dir.asked(), "")


def test_what_is_about_the_data_changes_no_setting(root: Path, run: RecordedRun) -> None:
    with pytest.raises(RunError, match="about your data"):
        with_change(run.dir, find_advice(run.dir, "wrong_facts"))


def test_its_adapter_comes_with_its_settings(root: Path, run: RecordedRun) -> None:
    config, note = read_change(root, with_adapter(run.dir), RunConfig())
    assert [change.path for change in changes(run.dir.asked(), config)] == ["model.adapter"]
    assert (config.model.adapter, note.strip()) == (
        "pirate-1",
        "The settings of pirate-1, to train it further.",
    )


def test_the_form_says_what_is_gone_on_from_and_what_that_means(root: Path, run: RecordedRun, setup: Setup) -> None:
    config, _ = read_change(root, with_adapter(run.dir), RunConfig())
    updates = setup.write(config)
    choice = updates[setup.adapter.list]
    assert (choice["value"], updates[setup.adapter.lists]["visible"]) == ("pirate-1", True)
    assert choice["choices"] == [("A new adapter", ""), ("pirate-1", "pirate-1")]
    words = " ".join(str(update) for update in updates.values())
    assert "Goes on from the adapter of pirate-1." in words
    assert "The learning rate schedule and the optimizer begin anew." in updates[setup.panel.plan]
    assert updates[setup.panel.start]["interactive"] is True
    assert "--model.adapter pirate-1" in updates[setup.panel.command]


def test_another_rank_is_refused_beside_its_field(root: Path, run: RecordedRun, setup: Setup) -> None:
    config, _ = read_change(root, with_adapter(run.dir), RunConfig())
    updates = setup.work_out(build({"method.rank": 16}, config), "")
    assert updates[setup.panel.start] == gr.update(value="Mend first: Adapter size (rank)", interactive=False)
    assert "the adapter of pirate-1 has 4, not 16. Take 4, or begin" in updates[setup.panel.plan]


def test_a_run_that_was_deleted_is_still_named(root: Path, run: RecordedRun, setup: Setup) -> None:
    config, _ = read_change(root, with_adapter(run.dir), RunConfig())
    shutil.rmtree(run.dir.path)
    updates = setup.write(config)
    assert updates[setup.adapter.list]["value"] == "pirate-1"
    assert "There is no run pirate-1." in updates[setup.panel.plan]


def test_only_ended_runs_with_an_adapter_are_offered(root: Path) -> None:
    assert adapter_options(root) == [("A new adapter", "")]
    RecordedRun(root, "live").train(1, 5)
    RecordedRun(root, "older").finish()
    RecordedRun(root, "Newer <b>").finish("stopped", 9)
    assert [label for label, _ in adapter_options(root)] == ["A new adapter", "Newer <b>", "older"]


def test_the_live_view_names_the_parent_as_it_was(root: Path, run: RecordedRun) -> None:
    child = RecordedRun(root, "child", model__adapter="pirate-1").train(1, 3)
    child.dir.start_dir.mkdir()
    write_json(child.dir.start_dir / "parent.json", {"id": "pirate-1", "name": "My pirate"})
    assert describe(Watched(child.dir, "key"))["kept"]["run"]["parent"] == "My pirate"


def test_only_what_can_be_merged_is_offered_to_build_on(root: Path, run: RecordedRun, setup: Setup) -> None:
    RecordedRun(root, "words", method__name="prompt_tuning").train(1, 3).finish()
    above = RecordedRun(root, "above", model__merged="pirate-1").train(1, 3).finish()
    assert merged_options(root) == [("None", ""), ("pirate-1", "pirate-1")]
    updates = setup.write(build({"model.merged": "pirate-1"}))
    assert updates[setup.adapter.merged]["value"] == "pirate-1"
    assert "on top of the adapter of pirate-1" in updates[setup.panel.plan]
    assert "--model.merged pirate-1" in updates[setup.panel.command]
    above.dir.merged_dir.mkdir()
    write_json(above.dir.merged_dir / "parent.json", {"id": "pirate-1", "name": "Below"})
    assert describe(Watched(above.dir, "key"))["kept"]["run"]["merged"] == "Below"


def test_a_refused_resume_offers_the_adapter_instead(root: Path) -> None:
    run = RecordedRun(root, training__save_every=100).finish("stopped", 9)
    (run.dir.path / "process.json").unlink()
    write_json(run.dir.data_dir / "summary.json", {"sha256": {"tokens.arrow": "0"}})
    answer = control(root, {"run": "pirate-1", "action": "continue"})
    assert answer["further"] is True and "(tokens.arrow)" in answer["problem"]
    run.phase("finished")
    assert control(root, {"run": "pirate-1", "action": "continue"})["further"] is False


def test_the_page_is_built_with_it(root: Path, run: RecordedRun) -> None:
    page = build_page(root, ChatClient(root / "chat.log"))
    labels = [getattr(block, "label", "") for block in page.blocks.values()]
    assert labels.count("Adapter to begin with") == 1
