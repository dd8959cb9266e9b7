"""What earlier runs took corrects what is foretold of the next one."""

from pathlib import Path

import pytest

from tests.recorded_run import RecordedRun
from workbench.config.build import build
from workbench.jobs.folder import Exit
from workbench.memory.past import Past, kind_of, learn, read_history
from workbench.memory.terms import Estimate
from workbench.runs.foretold import Foretold

_LIBRARIES, _OWN = 0.4e9, 1.0e9
_CONFIG = build({"hardware.engine": "standard", "model.precision": "fp32"})
_KIND = kind_of(_CONFIG)


def estimate(own: float = _OWN) -> Estimate:
    return Estimate({"loading": {"weights": own / 2}, "training": {"libraries": _LIBRARIES, "weights": own}})


def foretold(kind: dict | None = None, correction: float = 1.0) -> Foretold:
    moments = {"training": {"libraries": _LIBRARIES, "weights": correction * _OWN}}
    return Foretold(1.4, 4.0, moments, correction, None, None, 480, 60.0, 90.0, "arithmetic", kind or _KIND)


def ended(root: Path, name: str, taken: float, told: Foretold | None = None, **how: object) -> RecordedRun:
    """A run whose own part was so many times what was foretold of it."""
    run = RecordedRun(root, name).finish()
    run.step(480, attempt=how.get("attempt", 1))
    (told or foretold()).keep(run.dir.path)
    peak_gb = (_LIBRARIES + taken * _OWN) / 1e9
    run.dir.write_exit(Exit(0, None, False, 60.0, peak_gb))
    return run


def test_without_runs_nothing_is_corrected(root: Path) -> None:
    assert learn(read_history(root), _KIND, estimate()) == Past()
    assert Past().sentence() == ""


def test_the_middle_of_earlier_runs_moves_all_but_the_libraries(root: Path) -> None:
    for number, taken in enumerate((1.05, 1.3, 1.06)):
        ended(root, f"run-{number}", taken)
    past = learn(read_history(root), _KIND, estimate())
    assert past.sentence() == "corrected by 3 earlier runs: +6 %"
    assert past.correct(estimate()).terms == {"libraries": _LIBRARIES, "weights": pytest.approx(1.06 * _OWN)}


def test_a_correction_is_not_corrected_twice(root: Path) -> None:
    ended(root, "run", 1.06, foretold(correction=1.06))
    assert learn(read_history(root), _KIND, estimate()).factor == pytest.approx(1.06)


def test_what_cannot_be_true_is_cut(root: Path) -> None:
    ended(root, "run", 3.0)
    assert learn(read_history(root), _KIND, estimate()).factor == 1.25


@pytest.mark.parametrize(
    ("kind", "own", "attempt", "phase"),
    [
        (_KIND | {"engine": "fast"}, _OWN, 1, "finished"),
        (_KIND | {"model": "another"}, _OWN, 1, "finished"),
        (_KIND | {"workbench": "0.0.1"}, _OWN, 1, "finished"),
        (_KIND, 5 * _OWN, 1, "finished"),
        (_KIND, _OWN, 2, "finished"),
        (_KIND, _OWN, 1, "stopped"),
    ],
)
def test_a_run_that_says_nothing_about_this_one_is_passed_over(
    root: Path, kind: dict, own: float, attempt: int, phase: str
) -> None:
    run = ended(root, "run", 1.1, foretold(kind), attempt=attempt)
    run.phase(phase, 480 if phase == "finished" else 9)
    assert learn(read_history(root), _KIND, estimate(own)) == Past()


def test_a_run_that_died_for_memory_tells_how_much_it_was_at_least(root: Path) -> None:
    for name, taken in (("more", 1.2), ("less", 0.7)):
        run = ended(root, name, taken)
        run.dir.write_exit(Exit(None, 9, True, 60.0, (_LIBRARIES + taken * _OWN) / 1e9))
    assert learn(read_history(root), _KIND, estimate()) == Past(pytest.approx(1.2), 1)


def test_a_run_that_ended_anew_is_read_anew_and_none_twice(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run = ended(root, "run", 1.1)
    assert learn(read_history(root), _KIND, estimate()).factor == pytest.approx(1.1)
    run.dir.write_exit(Exit(0, None, False, 60.0, (_LIBRARIES + 1.2 * _OWN) / 1e9))
    assert learn(read_history(root), _KIND, estimate()).factor == pytest.approx(1.2)
    monkeypatch.setattr("workbench.memory.past.foretold.recall", lambda folder: pytest.fail("read again"))
    assert learn(read_history(root), _KIND, estimate()).factor == pytest.approx(1.2)
