"""The page without a browser: what its handlers answer, and what they refuse."""

import json
import re
from pathlib import Path
from typing import Any

import gradio as gr
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from workbench.chat.client import ChatClient
from workbench.config.build import build
from workbench.config.data import DataSettings
from workbench.config.run_config import RunConfig
from workbench.data.preparing.prepare import Preparation
from workbench.data.preparing.results import ExamplesResult
from workbench.data.sets.versions import Made, save_version
from workbench.errors import DataError, SettingError
from workbench.ui import preview, text
from workbench.ui.app import build as build_page
from workbench.ui.app import mount
from workbench.ui.choices import check_listed, find_model
from workbench.ui.entry import DataEntry
from workbench.ui.form import LEAVES
from workbench.ui.models.facts_line import describe_model
from workbench.ui.notices import outcome, shown
from workbench.ui.plan import problems
from workbench.ui.setup import Setup
from workbench.ui.tabs import help

HOSTILE = "</style><script>alert(1)</script>"


def line(question: str, answer: str) -> bytes:
    return json.dumps({"question": question, "answer": answer}).encode() + b"\n"


EXAMPLES = b"".join(line(f"What is {number}?", f"Arr, {number}!") for number in range(40))


def keep(root: Path, name: str, rows: bytes) -> None:
    save_version(root, name, {"rows.jsonl": rows}, Made("uploaded"))


@pytest.fixture(autouse=True)
def _reading_here(reading_here: None) -> None:
    """The form of every page here plans with the data."""


@pytest.fixture
def stocked(root: Path, tiny_model: Path) -> Path:
    """A workspace with a model and a set of its own."""
    (root / "models").mkdir()
    (root / "models" / "tiny").symlink_to(tiny_model)
    keep(root, "mine", EXAMPLES)
    return root


@pytest.fixture
def setup(stocked: Path) -> Setup:
    with gr.Blocks():
        return Setup(stocked, ChatClient(stocked / "chat.log"))


def config(**changes: Any) -> RunConfig:
    chosen = {"model.path": "tiny", "data.path": "mine"}
    return build(chosen | {path.replace("__", "."): value for path, value in changes.items()})


def test_a_sound_config_can_be_started(setup: Setup) -> None:
    shown_now = setup.work_out(config(), "")
    assert shown_now[setup.panel.start]["interactive"]
    assert "40 examples, 4 kept for checking, 0 left out" in shown_now[setup.data_facts]
    assert "Everything stays on this computer." in shown_now[setup.panel.plan]
    assert shown_now[setup.panel.command].endswith("--name mine-1")
    assert shown_now[setup.panel.name]["placeholder"] == "mine-1"


@pytest.mark.parametrize(
    ("settings", "label"),
    [
        ({"model__path": "/etc"}, "Choose a model"),
        ({"model__path": ""}, "Choose a model"),
        ({"data__path": "/etc/passwd"}, "Choose data"),
        ({"method__target_modules": "no_such_layer"}, "Mend first: Which layers get an adapter (target modules)"),
    ],
)
def test_the_start_button_names_what_is_missing(setup: Setup, settings: dict[str, Any], label: str) -> None:
    shown_now = setup.work_out(config(**settings), "")
    assert shown_now[setup.panel.start] == gr.update(value=label, interactive=False)


@pytest.mark.parametrize("path", ["/etc/passwd", "../mine", "data/mine/v1/original.jsonl"])
def test_a_path_is_no_name_of_a_set(stocked: Path, path: str) -> None:
    absolute = str(stocked / path) if path.startswith("data") else path
    with pytest.raises(SettingError, match="not in the list"):
        check_listed(config(data__path=absolute), stocked)


def test_a_model_that_cannot_be_tuned_says_why(stocked: Path) -> None:
    (stocked / "models" / "empty").mkdir()
    assert "There is no config.json" in describe_model(find_model(stocked, "empty"))


def test_the_priority_is_one_switch_beside_start(setup: Setup) -> None:
    switch = setup.form.fields["hardware.priority"]
    assert isinstance(switch, gr.Checkbox) and switch.label == "Use the whole machine"
    assert switch.parent is not None and switch.parent.parent is setup.panel.start.parent
    on = setup.form.read(
        {field: update["value"] for field, update in setup.form.write(config()).items()} | {switch: True}
    )
    assert on.hardware.priority == "normal"


def test_a_fault_is_said_beside_its_field(setup: Setup) -> None:
    fault = outcome(lambda: build({"method.rank": 0}))
    plan = setup.work_out(fault, "")[setup.panel.plan]
    assert "Adapter size (rank): 0 is outside 1 to 256." in plan
    assert "#set-method-rank::after" in plan


def test_what_the_user_typed_cannot_leave_the_style_or_the_text() -> None:
    plan = problems.render_fault(SettingError("training.epochs", f"training.epochs: {HOSTILE}", "Mend it."))
    assert "<script" not in plan
    assert re.search(r"</style>", plan) is not None, "the style of our own ends"
    assert plan.count("</style>") == 1


def test_a_preview_shows_text_as_text(stocked: Path) -> None:
    rows = line(HOSTILE, "${1+1} {{x}}") + EXAMPLES + line(HOSTILE, "")
    keep(stocked, "odd", rows)
    read = Preparation(DataSettings(path="odd"), stocked).examples()
    assert isinstance(read, ExamplesResult)
    shown_rows = preview.render(read)
    assert "<script" not in shown_rows
    assert "Line 42: no answer" in shown_rows


def test_an_upload_without_a_name_is_named_after_its_file(stocked: Path, tmp_path: Path) -> None:
    file = tmp_path / "My file.jsonl"
    file.write_bytes(EXAMPLES)
    with gr.Blocks():
        assert DataEntry(stocked).save_upload("", [str(file)]) == "my-file"
    assert (stocked / "data" / "my-file" / "v1").is_dir()


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 not text"])
def test_a_file_that_is_no_dataset_is_not_kept(stocked: Path, tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "bad.jsonl"
    file.write_bytes(content)
    with gr.Blocks():
        entry = DataEntry(stocked)
    with pytest.raises(DataError):
        entry.save_upload("bad", [str(file)])
    assert not (stocked / "data" / "bad").exists()


def test_a_mistake_becomes_a_notice_of_both_sentences_as_text() -> None:
    with pytest.raises(gr.Error) as caught:
        shown(fail)(DataError(f"“{HOSTILE}” is no file.", "Choose another."))
    assert "<script" not in caught.value.message
    assert "is no file.<br>Choose another." in caught.value.message


def test_a_fault_of_ours_becomes_one_line_and_a_traceback_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(gr.Error, match=re.escape(text.UNEXPECTED)):
        shown(fail)(ZeroDivisionError("secret"))
    assert "ZeroDivisionError: secret" in caplog.text


def fail(error: Exception) -> None:
    raise error


def test_help_names_every_setting() -> None:
    table = help.settings_table()
    assert all(f"--{path}" in table for path in LEAVES)


def test_the_page_answers_and_keeps_no_state_on_the_server(stocked: Path) -> None:
    client = TestClient(mount(FastAPI(), stocked, ChatClient(stocked / "chat.log")))
    assert client.get("/").status_code == 200
    assert client.get("/workbench-assets/run_list.js").status_code == 200
    parts = client.get("/config").json()["components"]
    assert "state" not in {part["type"] for part in parts}


def test_two_pages_can_be_built_side_by_side_and_every_listener_is_private(root: Path) -> None:
    first, second = (build_page(root, ChatClient(root / "chat.log")) for _ in range(2))
    assert first is not second
    assert {fn.api_visibility for fn in first.fns.values()} == {"private"}
