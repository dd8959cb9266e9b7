"""What is advised after a run that did not give what was wanted: every rule, on the numbers that call for it."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.recorded_run import RecordedRun
from tests.training.in_process import create, train
from workbench.config.build import build
from workbench.config.run_config import RunConfig
from workbench.monitoring.advice import COMPLAINTS, Advice, Complaint, advise
from workbench.monitoring.evidence import Evidence, Miss, gather, nearest

USED = build({"training.epochs": 6, "training.learning_rate": 0.004, "data.max_length": 512, "method.alpha": 16})

ORDINARY = Evidence(
    used=USED,
    steps=480,
    passes=6.0,
    examples=320,
    cut=0,
    first_loss=3.9,
    last_loss=1.2,
    after=2.0,
    best=1.98,
    best_step=420,
    best_pass=5.2,
    miss=None,
)
PAST_ITS_BEST = {"after": 2.5, "best": 1.9, "best_step": 160, "best_pass": 2.0}


def using(**changed: Any) -> RunConfig:
    return build({path.replace("__", "."): value for path, value in changed.items()}, USED)


@pytest.mark.parametrize(
    ("complaint", "seen", "change", "cause"),
    [
        ("no_change", {"steps": 24}, "epochs 6 → 25", "only 24 updates"),
        ("no_change", {"last_loss": 3.88}, "learning rate 0.004 → 0.012", "only from 3.90 to 3.88 in 480 updates"),
        ("no_change", {"last_loss": 7.0}, "learning rate 0.004 → 0.0013", "rose from 3.90 to 7.00"),
        ("no_change", {"after": 1.7, "best": 1.7, "best_step": 480}, "epochs 6 → 12", "still falling"),
        ("no_change", {}, "rank 8 → 16", "adapter of rank 8"),
        ("copies", PAST_ITS_BEST, "epochs 6 → 2", "lowest (1.90) after 2.0 passes and rose to 2.50"),
        ("copies", {}, "epochs 6 → 3", "each of 320 examples 6 times"),
        ("copies", {"passes": 1.0}, "rank 8 → 4", "320 examples word for word"),
        ("nonsense", {}, "learning rate 0.004 → 0.0013", "480 updates at a learning rate of 0.004"),
        ("forgot", PAST_ITS_BEST, "epochs 6 → 2", "lowest (1.90)"),
        ("forgot", {}, "epochs 6 → 3", "pushes other things out"),
        ("forgot", {"passes": 1.0}, "learning rate 0.004 → 0.0013", "what else it could do"),
    ],
)
def test_one_setting_changes_for_a_cause_in_numbers(
    complaint: Complaint, seen: dict[str, Any], change: str, cause: str
) -> None:
    advice = advise(complaint, replace(ORDINARY, **seen))
    assert advice.change == change
    assert cause in advice.cause
    assert not advice.rows


def test_cut_ends_explain_answers_that_never_stop() -> None:
    seen = replace(ORDINARY, used=using(data__over_long="cut_end"), cut=12)
    assert advise("nonsense", seen).change == "over long cut_end → cut_prompt"
    assert "12 of 320 examples lost their end beyond 512 tokens" in advise("nonsense", seen).cause
    assert "learning rate" in advise("nonsense", replace(ORDINARY, cut=12)).change


def test_few_examples_are_to_become_more() -> None:
    advice = advise("copies", replace(ORDINARY, examples=40))
    assert (advice.change, advice.rows) == ("", "Add 40 more that ask for other things in other words.")


def test_a_wrong_fact_is_told_with_the_example_that_comes_nearest() -> None:
    miss = Miss("When do you open?", "We open at ten.", "When do you close?")
    advice = advise("wrong_facts", replace(ORDINARY, miss=miss))
    assert "“When do you open?”, it says “We open at ten.”" in advice.cause
    assert "comes nearest is “When do you close?”" in advice.cause
    assert advice.rows and not advice.change


def test_without_a_wrong_answer_the_facts_themselves_are_to_be_added() -> None:
    assert "question" in advise("wrong_facts", ORDINARY).rows


def test_a_limit_on_updates_is_what_changes_where_it_decides() -> None:
    seen = replace(ORDINARY, used=using(training__max_steps=480))
    assert advise("forgot", seen).change == "max steps 480 → 240"
    beyond = replace(ORDINARY, used=using(training__max_steps=900))
    assert advise("forgot", beyond).change == "epochs 6 → 3"


@pytest.mark.parametrize("complaint", COMPLAINTS)
@pytest.mark.parametrize(
    "extreme",
    [
        {"training__epochs": 1, "training__learning_rate": 1e-7, "method__rank": 1},
        {"training__epochs": 1000, "training__learning_rate": 1.0, "method__rank": 256},
    ],
)
def test_advice_is_always_there_and_always_possible(complaint: Complaint, extreme: dict[str, Any]) -> None:
    for seen in (ORDINARY, replace(ORDINARY, steps=0, passes=0.0, first_loss=None, best=None, best_step=0)):
        advice = advise(complaint, replace(seen, used=using(**extreme)))
        assert bool(advice.setting) != bool(advice.rows)
        if advice.setting:
            assert advice.old != advice.new
            build({advice.setting: advice.new}, USED)


def test_the_question_that_shares_most_words_comes_nearest() -> None:
    others = ["What is your name?", "When do you close on Sunday?", "Tell me a joke."]
    assert nearest("When do you open?", others) == "When do you close on Sunday?"
    assert nearest("Xyzzy", others) == "" and nearest("Xyzzy", []) == ""


def test_a_recorded_run_gives_its_evidence(root: Path) -> None:
    run = RecordedRun(root)
    run.check(0, 3.7)
    run.train(1, 480)
    for step, loss in ((160, 1.9), (480, 2.5)):
        run.check(step, loss)
    seen = gather(run.finish().dir)
    assert (seen.steps, seen.passes, seen.best_step, seen.best_pass) == (480, 6.0, 160, 2.0)
    assert advise("copies", seen) == Advice(advise("copies", seen).cause, "training.epochs", 6, 2)


def test_a_real_run_names_a_question_it_learned_from(
    tiny_model: Path, root: Path, tmp_path: Path, reading_here: None
) -> None:
    examples = tmp_path / "sums.csv"
    sums = [(a, b) for a in range(4) for b in range(6)]
    examples.write_text("question,answer\n" + "".join(f"What is {a} plus {b}?,It is {a + b}.\n" for a, b in sums))
    asked = {"model.path": str(tiny_model), "data.path": str(examples), "training.max_steps": 2, "hardware.threads": 1}
    asked |= {"evaluation.watched_prompts": 1, "evaluation.answer_tokens": 4, "hardware.priority": "normal"}
    seen = gather(train(create(build(asked), root)))
    assert seen.miss is not None and seen.examples == 22
    assert seen.miss.nearest.startswith("What is") and seen.miss.nearest != seen.miss.question
    assert advise("no_change", seen).change == "max steps 2 → 100"
