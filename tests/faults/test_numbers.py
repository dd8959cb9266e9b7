"""Numbers that are none end a run at once, with a reason; nothing good is saved over, and nothing reads 0.0."""

import itertools
import json
import math
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from tests.faults.conftest import Cases
from tests.faults.evidence import kept_steps, last_step, outcome
from tests.faults.forked import Ended, copy, finish, work
from tests.training.in_process import create, losses, train
from workbench.config.run_config import RunConfig
from workbench.errors import SettingError
from workbench.monitoring import findings
from workbench.monitoring.course import Course
from workbench.runs.run_dir import RunDir
from workbench.training import launch, plan
from workbench.training.loop import Loop
from workbench.training.stepper import StandardStepper

BAD = (math.nan, math.inf, -math.inf)
SAVE_EVERY, STEPS = 3, 12


def in_the_loss(step: int, number: float, run: RunDir) -> None:
    """As the model itself would: the gradients follow."""
    original, count = StandardStepper.accumulate, 0

    def accumulate(self: StandardStepper, rows):
        nonlocal count
        count += 1
        if count == step:
            summed = self._summed_loss
            self._summed_loss = lambda batch: summed(batch) * number
        return original(self, rows)

    StandardStepper.accumulate = accumulate


def in_a_gradient(step: int, number: float, run: RunDir) -> None:
    before_update(step, lambda parameter: parameter.grad.view(-1)[:1].fill_(number))


def in_the_adapter(step: int, number: float, run: RunDir) -> None:
    """After the update, which itself had a loss and a gradient."""
    original = Loop._record

    def record(self: Loop, *numbers: float) -> None:
        original(self, *numbers)
        if self.progress.step == step:
            next(iter(self._task.trained.learner.parameters.values())).data.view(-1)[:1].fill_(number)

    Loop._record = record


def without_pull(first: int, run: RunDir) -> None:
    """From an update on, every gradient is exactly zero."""
    for step in range(first, STEPS + 1):
        before_update(step, lambda parameter: parameter.grad.zero_())


def before_update(step: int, change: Callable) -> None:
    """Change the gradients of an update."""
    original, count = StandardStepper.accumulate, 0

    def accumulate(self: StandardStepper, rows):
        nonlocal count
        count += 1
        result = original(self, rows)
        if count == step:
            for parameter in filter(lambda parameter: parameter.requires_grad, self._model.parameters()):
                change(parameter)
        return result

    StandardStepper.accumulate = accumulate


@pytest.fixture
def blank(config: RunConfig, root: Path) -> RunDir:
    """On the standard engine, whose stepper the faults here are put into."""
    config = config.changed("hardware.engine", "standard")
    return create(config.changed("training.save_every", SAVE_EVERY), root, "blank")


@pytest.mark.slow
def test_the_run_ends_within_one_update_and_what_was_good_is_kept(blank: RunDir, cases: Cases) -> None:
    whole = finish(copy(blank, "whole"))
    faults = list(itertools.product((in_the_loss, in_a_gradient), range(1, STEPS + 1), BAD))
    for place, step, number in cases.among(faults, 4):
        told = f"The {'loss' if place is in_the_loss else 'gradient'} was no longer a number at update {step},"
        run = copy(blank, f"{place.__name__}-{step}-{number}")
        check_broken(run, partial(place, step, number), step - 1, told, whole)


@pytest.mark.slow
def test_a_broken_adapter_is_never_saved(blank: RunDir, cases: Cases) -> None:
    whole = finish(copy(blank, "whole"))
    for step in cases.among(range(1, STEPS + 1), 3):
        saves = step % SAVE_EVERY == 0
        what = f"The adapter was no longer a number at update {step}," if saves else f"at update {step + 1},"
        check_broken(copy(blank, f"adapter-{step}"), partial(in_the_adapter, step, math.nan), step, what, whole)


def check_broken(run: RunDir, fault: partial, done: int, told: str, whole: RunDir) -> None:
    """`done` updates were good before it; afterwards the run can be finished as if nothing had been."""
    assert work(run, fault) == Ended(1, None)
    status = run.stored_status()
    assert (status.phase, status.step) == ("failed", done), status
    assert told in status.message and status.hint
    assert last_step(run) == done
    assert all(loss and math.isfinite(loss) for loss in losses(run))
    saved = [step for step in range(SAVE_EVERY, STEPS, SAVE_EVERY) if step <= done and step != broken_at(fault)]
    assert kept_steps(run) == saved[-2:]
    assert not run.has_adapter()
    first = findings.find(Course(run).poll())[0]
    assert first.level == "warning" and told in first.sentence
    assert (f"of step {saved[-1]}, is kept" in first.sentence) if saved else ("No checkpoint" in first.sentence)
    assert outcome(finish(run)) == outcome(whole)


def broken_at(fault: partial) -> int | None:
    """The update after which the adapter itself is broken."""
    return fault.args[0] if fault.func is in_the_adapter else None


@pytest.mark.slow
def test_a_gradient_of_exactly_zero_is_found(blank: RunDir) -> None:
    run = copy(blank, "still")
    assert work(run, partial(without_pull, 6)) == Ended(0, None)
    found = findings.find(Course(run).poll())
    assert any("gradient has been zero for 7 updates" in finding.sentence for finding in found)


def rows_of(path: Path, answers: list[str], question: str) -> Path:
    rows = [
        {"messages": [{"role": "user", "content": f"{question} {n}"}, {"role": "assistant", "content": answer}]}
        for n, answer in enumerate(answers)
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


LONG = "Why is the sea so far away from the small ship? " * 8


def test_rows_with_nothing_to_learn_are_refused_or_counted(config: RunConfig, root: Path, tmp_path: Path) -> None:
    """The questions of some rows fill all the room there is, so that no token of the answer is left."""
    short = config.changed("data.max_length", 32).changed("data.over_long", "cut_end")
    none = short.changed("data.path", str(rows_of(tmp_path / "none.jsonl", ["Yes."] * 10, LONG)))
    with pytest.raises(SettingError, match="Nothing is left to learn from"):
        launch.start(plan.make(none, root), "none")
    assert not (root / "runs").exists()
    path = rows_of(tmp_path / "some.jsonl", ["Ay."] * 16, "Hm?")
    path.write_text(path.read_text() + rows_of(tmp_path / "long.jsonl", ["Yes."] * 8, LONG).read_text())
    run = train(create(short.changed("data.path", str(path)), root, "some"))
    facts = json.loads((run.data_dir / "summary.json").read_text())
    assert facts["nothing_to_learn"] > 0 and facts["rows"] + facts["nothing_to_learn"] == facts["training"]
    assert all(loss > 0 for loss in losses(run))
    assert any("left out" in finding.sentence for finding in findings.find(Course(run).poll()))


@pytest.mark.slow
def test_texts_of_one_token_break_nothing(config: RunConfig, root: Path, tmp_path: Path) -> None:
    tiny, usual = {"text": "a"}, {"text": "The cow says moo, and the cat says meow."}
    path = tmp_path / "texts.jsonl"
    path.write_text("".join(f"{json.dumps(usual | {'n': n})}\n{json.dumps(tiny | {'n': n})}\n" for n in range(12)))
    run = train(create(config.changed("data.path", str(path)), root))
    assert all(loss > 0 for loss in losses(run))
