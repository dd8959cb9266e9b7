"""The small files of a run, damaged or gone: whoever reads them says something sensible."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.recorded_run import RecordedRun
from workbench.cli import main
from workbench.errors import WorkbenchError
from workbench.jobs.files import append_json, write_json
from workbench.runs.listing import list_runs
from workbench.runs.run_dir import RunDir
from workbench.ui.polls import tell_run
from workbench.ui.watch import Watch

STATE = ("status.json", "process.json", "exit.json", "about.json", "environment.json", "room.json")
ROWS = ("metrics.jsonl", "samples.jsonl", "system.jsonl")


def empty(content: bytes) -> bytes:
    return b""


def half(content: bytes) -> bytes:
    return content[: len(content) // 2]


def zeros(content: bytes) -> bytes:
    return bytes(len(content))


def no_text(content: bytes) -> bytes:
    return b"\xff\xfe" + content


def other_json(content: bytes) -> bytes:
    return b"[1, 2]\n"


HARMS = (empty, half, zeros, no_text, other_json)


@pytest.fixture
def run(root: Path) -> RunDir:
    """A run that was paused on a full disk, with something in each of its files."""
    recorded = RecordedRun(root, "harmed", steps=20)
    recorded.train(1, 12)
    recorded.check(10, 2.0)
    recorded.answer(10, "Hello", "Ahoy")
    recorded.machine()
    recorded.dir.write_needed(1000)
    write_json(recorded.dir.path / "exit.json", {"code": 75, "signal": None, "out_of_memory": False, "seconds": 1.0})
    recorded.phase("paused", 12, "Paused.")
    return recorded.dir


@pytest.mark.slow
@pytest.mark.parametrize("harm", HARMS)
@pytest.mark.parametrize("name", [*STATE, *ROWS, "config.yaml"])
def test_every_reader_copes(run: RunDir, capsys: pytest.CaptureFixture[str], name: str, harm: Callable) -> None:
    file = run.path / name
    file.write_bytes(harm(file.read_bytes()))
    [shown] = list_runs(run.root)
    assert shown.id == run.id
    answer, _ = tell_run(Watch(run.root), {"run": run.id})
    assert answer["poll_seconds"]
    assert main(["runs", "--root", str(run.root)]) == 0
    assert main(["show", run.id, "--root", str(run.root)]) in (0, 2)
    assert "Traceback" not in capsys.readouterr().err


def test_a_damaged_status_is_told_and_the_run_can_go_on(run: RunDir) -> None:
    (run.path / "status.json").write_text("{")
    status = run.status()
    assert (status.phase, status.hint) == ("interrupted", "Resume goes on from the last checkpoint.")
    assert status.message == "Its file status.json is damaged, so nobody can tell how it ended."
    run.prepare_attempt()
    assert run.stored_status().phase == "created"


def test_a_torn_row_costs_only_itself(run: RunDir) -> None:
    whole = run.metrics_path.read_bytes()
    run.metrics_path.write_bytes(whole[:-20])
    append_json(run.metrics_path, {"attempt": 2, "step": 13, "loss": 1.0})
    lines = run.metrics_path.read_bytes().splitlines()
    assert len(lines) == len(whole.splitlines()) + 1
    assert lines[-1] == b'{"attempt": 2, "step": 13, "loss": 1.0}'


def test_settings_that_are_cut_off_are_refused_and_never_filled_up(run: RunDir) -> None:
    """A default in place of what was cut off would train something else without a word."""
    whole = run.config_path.read_bytes()
    for length in range(0, len(whole), len(whole) // 50):
        run.config_path.write_bytes(whole[:length])
        with pytest.raises(WorkbenchError, match=r"config\.yaml"):
            run.config()
