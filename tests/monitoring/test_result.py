"""The word for a run, and what stands beside it."""

from pathlib import Path

import pytest

from tests.recorded_run import RecordedRun
from workbench.monitoring.result import judge, summarise


@pytest.mark.parametrize(
    ("eval_losses", "train_loss", "word"),
    [
        ([4.0, 3.0, 2.0], 1.8, "clearly learned"),
        ([4.0, 3.39], 3.0, "clearly learned"),
        ([4.0, 3.7], 3.0, "learned slightly"),
        ([4.0, 3.95], 3.0, "not learned"),
        ([4.0, 4.5], 3.9, "not learned"),
        ([4.0, 2.0, 2.5], 0.4, "memorised"),
        ([4.0, 2.0, 2.5], 2.2, "clearly learned"),
        ([4.0, 2.0, 2.05], 0.4, "clearly learned"),
        ([4.0, 2.0, None], 0.4, "not learned"),
        ([4.0], 1.0, "not measured"),
        ([], 1.0, "not measured"),
    ],
)
def test_the_word_follows_the_rule(eval_losses: list[float | None], train_loss: float, word: str) -> None:
    assert judge(eval_losses, [train_loss] * 20) == word


def test_a_finished_run_is_summarised(root: Path) -> None:
    run = RecordedRun(root, steps=100)
    run.check(0, 3.9)
    run.answer(0, "Hello!", "Hello, how can I help?", expected="Ahoy, matey!")
    run.train(1, 100)
    run.check(60, 1.9)
    run.check(100, 2.0)
    run.answer(60, "Hello!", "Ahoy.")
    run.answer(100, "Hello!", "Ahoy, what be ye after?", expected="Ahoy, matey!")
    run.finish()
    result = summarise(run.dir)
    assert result is not None
    assert (result.word, result.before, result.after) == ("clearly learned", 3.9, 2.0)
    assert (result.best, result.best_step) == (1.9, 60)
    assert (result.tokens, result.seconds) == (80_000, 10.0)
    assert result.kept_bytes == 256 * 4096 + 2
    assert result.extends
    (answer,) = result.answers
    assert (answer.before, answer.after) == ("Hello, how can I help?", "Ahoy, what be ye after?")


def test_the_rank_of_each_layer_is_read_from_the_adapter(root: Path) -> None:
    run = RecordedRun(root, steps=10).train(1, 10).finish()
    assert summarise(run.dir).ranks == {}  # type: ignore[union-attr]
    ranks = {"model.layers.2.self_attn.q_proj": 0, "model.layers.10.mlp.down_proj": 11}
    run.keep_ranks(dict(sorted(ranks.items())))
    assert list(summarise(run.dir).ranks.items()) == list(ranks.items())  # type: ignore[union-attr]


def test_an_adapter_that_holds_less_than_was_trained_is_not_trained_further(root: Path) -> None:
    run = RecordedRun(root, steps=10, method__name="p_tuning").train(1, 10).finish()
    assert not summarise(run.dir).extends  # type: ignore[union-attr]


def test_three_answers_are_enough(root: Path) -> None:
    run = RecordedRun(root, steps=10)
    for step in (0, 10):
        for number in range(5):
            run.answer(step, f"Question {number}", f"answer at {step}")
    run.train(1, 10).finish()
    result = summarise(run.dir)
    assert result is not None
    assert [answer.prompt for answer in result.answers] == ["Question 0", "Question 1", "Question 2"]


def test_there_is_no_result_before_the_end_or_without_an_adapter(root: Path) -> None:
    run = RecordedRun(root, steps=10).train(1, 10)
    assert summarise(run.dir) is None
    run.phase("failed", 10)
    assert summarise(run.dir) is None


def test_a_stopped_run_without_held_out_examples_is_told_as_not_measured(root: Path) -> None:
    run = RecordedRun(root, steps=10).train(1, 5).finish("stopped", step=5)
    result = summarise(run.dir)
    assert result is not None
    assert (result.word, result.before, result.after) == ("not measured", None, None)
