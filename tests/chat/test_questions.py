"""Who can answer, from which base, and what each reads."""

from pathlib import Path

import pytest

from tests.recorded_run import RecordedRun
from tests.tiny import make_model
from workbench.chat.questions import Answerer, question_for, question_to, question_to_base
from workbench.errors import ModelError, RunError
from workbench.jobs.files import read_json, write_json
from workbench.models.fingerprint import fingerprint
from workbench.runs.run_dir import RunDir

HELLO = [{"role": "user", "content": "Hello!"}]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("small", "other"):
        make_model(tmp_path / "models" / name)
    return tmp_path


def tuned(root: Path, name: str, base: str = "small", system_prompt: str = "") -> RunDir:
    run = RecordedRun(root, name, model__path=base, data__system_prompt=system_prompt).phase("finished").dir
    run.adapter_dir.mkdir()
    return run


def test_several_results_and_the_original_answer_from_one_base(root: Path) -> None:
    lead, other = tuned(root, "pirate", system_prompt="You are a pirate."), tuned(root, "chef")
    answerers = {"Original": Answerer(), "pirate": Answerer(lead.id, 0.5), "chef": Answerer(other.id)}
    question = question_to(lead, {name: (answerer, HELLO) for name, answerer in answerers.items()})
    assert Path(question.model).name == "small"
    assert [(Path(target.adapter).parent.name, target.strength) for target in question.targets] == [
        ("", 1.0), (lead.id, 0.5), (other.id, 1.0),
    ]  # fmt: skip
    assert [target.messages[0]["content"] for target in question.targets] == [
        "You are a pirate.", "You are a pirate.", "Hello!",
    ]  # fmt: skip


def test_a_run_on_another_base_is_named(root: Path) -> None:
    lead, other = tuned(root, "pirate"), tuned(root, "chef", "other")
    with pytest.raises(RunError, match="chef was tuned on other, and small answers here"):
        question_to(lead, {"chef": (Answerer(other.id), HELLO)})


def test_a_run_without_a_result_cannot_answer(root: Path) -> None:
    lead, other = tuned(root, "pirate"), RecordedRun(root, "chef", model__path="small").dir
    with pytest.raises(RunError, match="chef has no result yet"):
        question_to(lead, {"chef": (Answerer(other.id), HELLO)})


def test_an_adapter_does_not_answer_beside_other_weights_than_its_own(root: Path) -> None:
    run = tuned(root, "pirate")
    facts = read_json(run.environment_path)
    write_json(run.environment_path, facts | {"model": {"fingerprint": fingerprint(root / "models" / "small")}})
    assert question_for(run, {"tuned": HELLO}).targets
    make_model(root / "models" / "small", seed=5)
    with pytest.raises(RunError, match="small has changed since pirate was trained"):
        question_for(run, {"tuned": HELLO})
    assert question_for(run, {"original": HELLO}).targets


def test_a_base_answers_without_any_run(root: Path) -> None:
    assert question_to_base(root, "small", HELLO).targets[0].messages == tuple(HELLO)
    with pytest.raises(ModelError, match="gone"):
        question_to_base(root, "gone", HELLO)
