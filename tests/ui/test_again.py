"""A run that ran out of memory: what its view tells, and what leads from it to the form."""

from pathlib import Path

import pytest

from tests.recorded_run import RecordedRun
from workbench.config.presets import changes
from workbench.config.run_config import RunConfig
from workbench.errors import RunError, SettingError
from workbench.jobs.folder import Exit
from workbench.runs.foretold import Foretold
from workbench.ui.again import offer_less
from workbench.ui.next_run import read_change, with_less
from workbench.ui.snapshot import describe
from workbench.ui.watch import Watched


@pytest.fixture
def short(root: Path) -> RecordedRun:
    """Ended by the kernel."""
    run = RecordedRun(root, data__path="pirate").train(1, 3)
    terms = {"training": {"libraries": 4e8, "weights": 2.7e9}}
    Foretold(3.1, 3.3, terms, 1.0, None, None, 480, 60.0, 90.0, "calibrated", {}).keep(run.dir.path)
    run.machine(anonymous_gb=3.2, peak_gb=3.38)
    run.dir.write_exit(Exit(None, 9, True, 12.0, 3.41))
    (run.dir.path / "process.json").unlink()
    return run


def test_the_view_says_what_it_took_beside_what_was_foretold(short: RecordedRun) -> None:
    watched = Watched(short.dir, "key")
    watched.course.poll()
    told = describe(watched)
    assert told["message"] == "It ran out of memory at 3.4 GB; 3.1 GB were foretold, 3.3 GB were free."
    assert told["lacked_memory"] and told["phase"] == "interrupted"
    assert (told["machine"]["peak_gb"], told["machine"]["foretold_gb"]) == (3.38, 3.1)
    assert any("ran out of memory at 3.4 GB" in finding["sentence"] for finding in told["kept"]["findings"])


def test_a_run_that_goes_on_lacks_nothing(root: Path) -> None:
    run = RecordedRun(root).train(1, 3)
    assert describe(Watched(run.dir, "key"))["lacked_memory"] is False
    assert "did not run out of memory" in offer_less(root, run.dir.id)["problem"]


@pytest.mark.parametrize("sent", [None, 3, {}, "../..", "nobody"])
def test_anything_may_be_asked(root: Path, sent: object) -> None:
    assert offer_less(root, sent)["problem"]


def test_a_change_reaches_the_form_with_a_note(root: Path, short: RecordedRun) -> None:
    words = with_less(short.dir, {"training.micro_batch_size": 1}, "One example at a time saves 0.7 GB.")
    config, note = read_change(root, words, RunConfig())
    assert [(change.path, change.new) for change in changes(short.dir.asked(), config)] == [
        ("training.micro_batch_size", 1)
    ]
    assert note.strip() == "As in pirate-1, with less memory: One example at a time saves 0.7 GB."


def test_what_are_no_settings_is_refused(root: Path, short: RecordedRun) -> None:
    with pytest.raises(RunError):
        with_less(short.dir, ["training.micro_batch_size"], "")
    with pytest.raises(SettingError):
        read_change(root, with_less(short.dir, {"training.micro_batch_size": "many"}, ""), RunConfig())


@pytest.mark.slow
def test_what_is_offered_takes_less(root: Path, short: RecordedRun, reading_here: None) -> None:
    answer = offer_less(root, short.dir.id)
    while "waiting" in answer:
        answer = offer_less(root, short.dir.id)
    assert answer.get("problem") or all(saving["sentence"] and saving["then"] for saving in answer["savings"])
