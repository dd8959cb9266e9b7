"""The command line's view of the runs that wait."""

import json
from pathlib import Path

import pytest

from tests.recorded_run import RecordedRun
from workbench.cli import main


@pytest.fixture
def line(root: Path) -> str:
    """One run that trains and three that wait; returns the root as a flag takes it."""
    RecordedRun(root, "busy").train(1, 3)
    for place, name in enumerate(("a", "b", "c")):
        run = RecordedRun(root, name).phase("queued").dir
        run.write_process(1_700_000_000.0 + place, **run.processes())
    return str(root)


def order(root: str, capsys: pytest.CaptureFixture[str]) -> list[tuple[int, str]]:
    assert main(["queue", "--json", "--root", root]) == 0
    return [(run["place"], run["id"]) for run in json.loads(capsys.readouterr().out)]


def test_runs_are_listed_in_their_order_and_moved(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert order(line, capsys) == [(1, "a"), (2, "b"), (3, "c")]
    assert main(["queue", "c", "--to", "first", "--root", line]) == 0
    told = capsys.readouterr().out
    assert told.startswith("busy is training; after it:")
    assert told.index(" c ") < told.index(" a ") < told.index(" b ")
    assert order(line, capsys) == [(1, "c"), (2, "a"), (3, "b")]


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["busy", "--to", "up"], "busy is not waiting any more, it is training."),
        (["ghost", "--to", "up"], "There is no run ghost."),
        (["../a", "--to", "up"], "cannot be used as a run"),
        (["a"], "a place"),
        (["--to", "up"], "takes its id"),
        (["a", "--to", "2"], "invalid choice: '2'"),
    ],
)
def test_what_cannot_be_moved_is_said(
    line: str, capsys: pytest.CaptureFixture[str], argv: list[str], said: str
) -> None:
    assert main(["queue", *argv, "--root", line]) == 2
    assert said in capsys.readouterr().err
    assert order(line, capsys) == [(1, "a"), (2, "b"), (3, "c")]


def test_an_empty_line_says_so(root: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["queue", "--root", str(root)]) == 0
    assert capsys.readouterr().out == "No run is waiting.\n"
