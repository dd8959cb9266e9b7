"""The line above the runs, and the chosen run in other programs, without a browser: what they answer and refuse."""

from pathlib import Path
from typing import Any

import pytest

from tests.recorded_run import RecordedRun
from workbench.monitoring.trackers.table import TRACKERS
from workbench.runs import trash
from workbench.runs.disk import has_checkpoints
from workbench.runs.run_dir import RunDir
from workbench.ui.runs import room, tracking
from workbench.ui.runs.cards import cards
from workbench.ui.runs.room import Room
from workbench.ui.runs.shelf import Shelf


def finished(root: Path, name: str) -> RunDir:
    run = RecordedRun(root, name).train(1, 3).finish().dir
    run.write_process(0.0)
    (run.checkpoints_dir / "step-3").write_bytes(b"x" * 3000)
    return run


def test_a_clean_up_tells_what_it_did_and_is_undone(root: Path) -> None:
    run, shelf = finished(root, "done"), Shelf(root)
    asked = Room(root)
    whole, before = asked.size()["bytes"], cards(shelf, {})["bytes"]
    (found,) = asked.removable()["removable"]
    assert (found["key"], found["bytes"], found["undoable"]) == ("checkpoints:done", 3000, True)
    assert asked.clean([found["key"]]) == {"freed_bytes": 0, "moved_bytes": 3000, "runs": ["done"]}
    # What is in the trash still takes room in the workspace, but is not the run's any more.
    assert asked.size()["bytes"] == whole
    assert cards(shelf, {})["bytes"] == before - 3000
    assert asked.bring_back(["done"]) == {}
    assert has_checkpoints(run)


def test_what_can_be_brought_back_is_where_another_run_is_gone(root: Path) -> None:
    gone, kept = finished(root, "gone"), finished(root, "kept")
    asked = Room(root)
    asked.clean(["checkpoints:gone", "checkpoints:kept"])
    trash.delete(gone)
    assert "There is no run gone." in asked.bring_back(["gone", "kept"])["problem"]
    assert has_checkpoints(kept)


@pytest.mark.parametrize("arg", [None, "cache:", {"a": 1}, [3]])
def test_what_no_page_asks_of_the_room_is_refused(root: Path, arg: Any) -> None:
    *_, clean_up, bring_back = room.functions(Room(root))
    assert "Reload the page." in clean_up(arg)["problem"]
    assert "Reload the page." in bring_back(arg)["problem"]


def test_only_installed_programs_are_offered(root: Path) -> None:
    run = finished(root, "done")
    told = tracking.describe(root, run.id)
    assert [entry["name"] for entry in told["offered"]] == [name for name in TRACKERS if TRACKERS[name].is_installed()]
    assert (told["sent"], told["busy"]) == ([], False)
    assert "pip install" in told["none"]["command"]


@pytest.mark.parametrize("arg", [None, [], {}, {"run": 3, "to": "wandb"}, {"run": "../x", "to": "tensorboard"}])
def test_what_no_page_sends_is_refused(root: Path, arg: Any) -> None:
    assert tracking.send(root, arg)["problem"]


def test_a_program_that_is_unknown_is_refused(root: Path) -> None:
    run = finished(root, "done")
    assert "There is no tracker excel." in tracking.send(root, {"run": run.id, "to": "excel"})["problem"]
