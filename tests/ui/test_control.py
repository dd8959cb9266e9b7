"""What the buttons of the live view do to a run, and what they refuse."""

from pathlib import Path
from typing import Any

import pytest

from tests.recorded_run import RecordedRun
from workbench.ui.control import control
from workbench.ui.polls import tell_run
from workbench.ui.watch import Watch


def ask(root: Path) -> dict[str, Any]:
    """What a page is told that asks for the first time."""
    answer, _ = tell_run(Watch(root), {"run": ""})
    return answer


@pytest.fixture
def run(root: Path) -> RecordedRun:
    return RecordedRun(root).train(1, 120)


@pytest.mark.parametrize("action", ["stop", "pause", "cancel"])
def test_a_button_asks_the_run_and_shows_on_the_page(root: Path, run: RecordedRun, action: str) -> None:
    assert control(root, {"run": "pirate-1", "action": action}) == {}
    assert run.dir.requested() == action
    assert ask(root)["stopping"] == action


@pytest.mark.parametrize("action", ["stop", "pause", "cancel", "continue"])
def test_what_cannot_be_done_is_said(root: Path, run: RecordedRun, action: str) -> None:
    run.finish()
    assert "finished" in control(root, {"run": "pirate-1", "action": action})["problem"]
    assert run.dir.requested() is None


@pytest.mark.parametrize(
    "arg",
    [
        None,
        "pirate-1",
        {"run": "pirate-1"},
        {"run": ["pirate-1"], "action": "stop"},
        {"run": "../pirate-1", "action": "stop"},
        {"run": "", "action": "stop"},
        {"run": "pirate-1", "action": "delete"},
        {"run": "pirate-1", "action": ["stop"]},
    ],
)
def test_a_hostile_press_of_a_button_gets_a_sentence(root: Path, run: RecordedRun, arg: Any) -> None:
    assert "problem" in control(root, arg)
    assert run.dir.requested() is None


def test_a_run_on_a_full_disk_says_so_and_can_be_stopped(root: Path, run: RecordedRun) -> None:
    run.phase("paused", 120, "The disk is full.", "Make room, then let it continue.")
    assert not ask(root)["lacks_room"]
    run.dir.write_needed(10**18)
    answer = ask(root)
    assert answer["lacks_room"] and answer["hint"] == "It goes on by itself when there is room."
    assert "1000000000.0 GB are needed" in answer["message"]
    assert control(root, {"run": run.dir.id, "action": "stop"}) == {}
    assert run.dir.requested() == "stop"
