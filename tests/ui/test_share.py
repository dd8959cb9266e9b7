"""What the Share part may be asked by anyone, whatever it is asked with."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.recorded_run import RecordedRun
from workbench.ui.chat import share


@pytest.fixture
def asked(root: Path) -> dict[str, Callable[[Any], dict[str, Any]]]:
    return {function.__name__: function for function in share.functions(root)}


def test_only_runs_with_a_result_can_be_shared(root: Path, asked: dict[str, Any]) -> None:
    RecordedRun(root, "Pirate").finish()
    RecordedRun(root, "Later")
    assert asked["share_runs"]({}) == {"runs": [{"id": "pirate", "name": "Pirate"}]}
    assert asked["share_state"]({}) == {"showcases": []}


@pytest.mark.parametrize("arg", [None, [], "run", {}, {"run": "../x"}, {"run": ["a"]}, {"run": 7, "prompts": {}}])
def test_nonsense_is_answered_with_a_problem(asked: dict[str, Any], arg: Any) -> None:
    assert asked["start_showcase"](arg)["problem"]
    assert asked["end_showcase"](arg)["problem"]


def test_seven_questions_to_try_are_too_many(root: Path, asked: dict[str, Any]) -> None:
    run = RecordedRun(root).finish().dir
    problem = asked["start_showcase"]({"run": run.id, "prompts": "a\n\nb\nc\nd\ne\nf\n g"})["problem"]
    assert problem == "There are 7 example questions. Give at most 6."


def test_programs_are_told_the_key_that_opens_the_models_alone(root: Path, asked: dict[str, Any]) -> None:
    told = asked["tell_programs"]({})
    assert told["key"] == (root / "api-key").read_text().strip() != ""
    assert "[address]/chat/completions" in told["curl"] and "[key]" in told["python"]
