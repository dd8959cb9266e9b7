"""An adapter from elsewhere on the page: who may ask for what, and how the page shows it."""

from pathlib import Path

import gradio as gr
import pytest

from tests.recorded_run import RecordedRun
from tests.training.foreign_adapter import write
from workbench.config.build import build
from workbench.errors import AdapterError
from workbench.runs.run_dir import RunDir
from workbench.training.importing.keeping import import_adapter
from workbench.ui.adapter_entry import AdapterEntry
from workbench.ui.advice import advise_on
from workbench.ui.choices import adapter_options
from workbench.ui.next_run import read_change, with_adapter
from workbench.ui.runs.cards import cards
from workbench.ui.runs.compare import compare
from workbench.ui.runs.shelf import Shelf
from workbench.ui.snapshot import describe
from workbench.ui.watch import Watched


@pytest.fixture
def run(root: Path, tiny_model: Path, tmp_path: Path) -> RunDir:
    (root / "models").mkdir()
    (root / "models" / "tiny").symlink_to(tiny_model)
    return import_adapter([write(tmp_path / "seafarer")], "tiny", root)


def test_the_page_shows_what_it_is_and_nothing_of_its_training(root: Path, run: RunDir) -> None:
    (card,) = cards(Shelf(root), {})["runs"]
    assert (card["state"], card["model"], card["data"], card["loss"]) == ("imported", "tiny", "", None)
    watched = Watched(run, "key")
    shown = describe(watched)
    assert shown["kept"]["run"]["origin"] == "imported" and shown["kept"]["result"] is None
    assert "seafarer" in shown["message"]
    assert {row["setting"].split(".")[0] for row in watched.settings} == {"model", "method", "data"}
    assert "training.epochs" not in {row["setting"] for row in watched.settings}
    assert (run.name, run.id) in adapter_options(root)


def test_nothing_is_made_up_of_its_training(root: Path, run: RunDir) -> None:
    other = RecordedRun(root, "other").train(1, 9).finish().dir
    compared = compare(Shelf(root), [run.id, other.id])["settings"]
    epochs = next(row for row in compared if row["setting"] == "training.epochs")
    assert [value["words"] for value in epochs["values"]] == ["–", "6"]
    assert "was not trained here" in advise_on(root, run.id)["problem"]


def test_training_it_further_leaves_the_rest_of_the_form(root: Path, run: RunDir) -> None:
    form = build({"data.path": "haiku", "training.epochs": 3, "method.name": "ia3"})
    config, note = read_change(root, with_adapter(run), form)
    assert (config.model.path, config.model.adapter, config.method.name) == ("tiny", run.id, "lora")
    assert (config.data.path, config.training.epochs) == ("haiku", 3)
    assert run.name in note


def test_only_a_model_from_the_list_can_be_named(root: Path, run: RunDir, tmp_path: Path, tiny_model: Path) -> None:
    files = [str(file) for file in write(tmp_path / "other").iterdir()]
    with gr.Blocks():
        entry = AdapterEntry(root)
    with pytest.raises(AdapterError, match="not in the list"):
        entry.take(files, str(tiny_model), "")
    with pytest.raises(AdapterError, match="No files"):
        entry.take(None, "tiny", "")
    assert entry.take(files, "tiny", "Second").name == "Second"
