"""The line of waiting runs on the page: where each stands, and what its buttons do."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.recorded_run import RecordedRun
from workbench.runs.run_dir import RunDir
from workbench.ui.line import describe_start, describe_wait
from workbench.ui.polls import tell_run
from workbench.ui.quantities import ordinal
from workbench.ui.runs.shelf import Shelf
from workbench.ui.runs.view import functions
from workbench.ui.watch import Watch

Ask = Callable[[str, Any], dict[str, Any]]


def waiting(root: Path, *names: str) -> list[RunDir]:
    """Runs that wait, in this order."""
    runs = [RecordedRun(root, name).phase("queued").dir for name in names]
    for place, run in enumerate(runs):
        run.write_process(1_700_000_000.0 + place, **run.processes())
    return runs


@pytest.fixture
def ask(root: Path) -> Ask:
    asked = {function.__name__: function for function in functions(Shelf(root))}
    return lambda name, arg: asked[name](arg)


def states(ask: Ask) -> dict[str, str]:
    return {run["id"]: run["state"] for run in ask("list_runs", {})["runs"]}


def test_the_list_begins_with_what_trains_and_what_comes_next(root: Path, ask: Ask) -> None:
    RecordedRun(root, "busy").train(1, 2)
    waiting(root, "a", "b", "c")
    RecordedRun(root, "newest").finish()
    assert list(states(ask).items()) == [
        ("busy", "training"),
        ("a", "waiting, 1st of 3"),
        ("b", "waiting, 2nd of 3"),
        ("c", "waiting, 3rd of 3"),
        ("newest", "finished"),
    ]
    assert ask("move_run", {"run": "c", "to": "up"}) == {}
    assert list(states(ask)) == ["busy", "a", "c", "b", "newest"]
    by_name = ask("list_runs", {"sort": "name"})["runs"]
    assert [run["id"] for run in by_name] == ["a", "b", "busy", "c", "newest"]


def test_a_run_that_has_started_meanwhile_stays_where_it_is(root: Path, ask: Ask) -> None:
    RecordedRun(root, "busy").train(1, 2)
    for name, arg in (("move_run", {"run": "busy", "to": "up"}), ("leave_line", "busy")):
        assert "busy is not waiting any more, it is training." in ask(name, arg)["problem"]
    assert RunDir.open(root, "busy").requested() is None


@pytest.mark.parametrize(
    ("name", "arg"),
    [
        ("move_run", None),
        ("move_run", {"run": "a", "to": "5"}),
        ("move_run", {"run": "a", "to": ["up"]}),
        ("move_run", {"run": ["a"], "to": "up"}),
        ("move_run", {"run": "../a", "to": "up"}),
        ("leave_line", {"run": "a"}),
        ("join_line", "ghost"),
    ],
)
def test_what_no_page_asks_is_answered_with_a_problem(root: Path, ask: Ask, name: str, arg: Any) -> None:
    waiting(root, "a")
    assert ask(name, arg)["problem"]
    assert states(ask) == {"a": "waiting, next"}


def test_each_wait_is_told_with_what_comes_before_it(root: Path) -> None:
    RecordedRun(root, "busy").train(1, 2)
    (alone,) = waiting(root, "a")
    assert describe_wait(alone) == "Next in line, after busy."
    (b,) = waiting(root, "b")
    assert describe_wait(b) == "2nd in line, after a."
    assert tell_run(Watch(root), {"run": "b"})[0]["message"] == "2nd in line, after a."
    assert describe_wait(RunDir.open(root, "busy")) == ""


def test_start_says_how_many_come_before(root: Path) -> None:
    assert describe_start(root) == ""
    RecordedRun(root, "busy").train(1, 2)
    assert describe_start(root) == "Start: waits for busy"
    waiting(root, "a", "b")
    assert describe_start(root) == "Start: waits for busy and 2 more"


def test_ordinals() -> None:
    assert [ordinal(number) for number in (1, 2, 3, 4, 11, 12, 13, 21, 112)] == [
        *("1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "112th")
    ]
