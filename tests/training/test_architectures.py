"""Every architecture that is promised, through all a user does: look, train, take the adapter, talk."""

from dataclasses import asdict
from pathlib import Path

import pytest

from tests.tiny import KINDS, make_model
from tests.training.in_process import create, losses, train
from workbench.chat.generate import Round
from workbench.chat.models import LoadedModel
from workbench.chat.protocol import Question, Target
from workbench.config.build import build
from workbench.config.run_config import RunConfig
from workbench.config.sampling import Sampling
from workbench.jobs.files import read_json, read_lines
from workbench.methods.table import METHODS
from workbench.models import layouts
from workbench.models.facts import facts
from workbench.models.layout_reader import read_layout
from workbench.models.load import load_model
from workbench.runs.run_dir import RunDir

ANSWER_TOKENS = 6


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_a_model_is_tuned_and_answers(kind: str, config: RunConfig, tmp_path: Path, root: Path) -> None:
    folder = make_model(tmp_path / kind, kind)
    model = load_model(folder, "fp32", "cpu")
    known = layouts.learn(facts(folder), root)
    assert asdict(known) == asdict(layouts.with_layout(facts(folder), read_layout(model)))
    assert known.parameters == sum(weight.numel() for weight in model.parameters())

    settings = {"model.path": str(folder), "training.learning_rate": 2e-2, "evaluation.answer_tokens": ANSWER_TOKENS}
    run = train(create(build(settings, config), root))
    assert min(losses(run)[1:]) < losses(run)[0]
    trained = read_json(run.environment_path)["trainable_parameters"]
    assert trained == METHODS["lora"].trainable(run.config().method, known)

    prompt, answer = last_sample(run)
    answers = ask(folder, run, prompt)
    assert answers["tuned"].strip() == answer != answers["original"].strip()


def last_sample(run: RunDir) -> tuple[str, str]:
    """What the model was asked at the end of its training, and what it said then."""
    sample = read_lines(run.samples_path)[0][-1]
    return sample["prompt"], sample["answer"]


def ask(folder: Path, run: RunDir, prompt: str) -> dict[str, str]:
    """What the original and the tuned model, loaded from their files, say to the same prompt."""
    turn = ({"role": "user", "content": prompt},)
    targets = (Target("original", turn), Target("tuned", turn, str(run.adapter_dir)))
    greedy = Sampling(temperature=0.0, max_new_tokens=ANSWER_TOKENS)
    question = Question(str(folder), "fp32", "auto", targets, greedy)
    said = dict.fromkeys(("original", "tuned"), "")
    for event in Round(question).answers(LoadedModel(question)):
        said[event.target] += event.text
    return said
