"""Every architecture that is promised, through all a user does: look, train, take the adapter, talk."""

import hashlib
import shutil
from dataclasses import asdict
from functools import partial
from pathlib import Path

import pytest

from tests.tiny import KINDS, make_model
from tests.training.in_process import create, losses, train
from workbench.chat.answering import answers
from workbench.chat.network.model import NetworkModel
from workbench.chat.protocol import Question, Target
from workbench.config.build import build
from workbench.config.run_config import RunConfig
from workbench.config.sampling import Sampling
from workbench.data.preparing.steps import Waiting
from workbench.jobs.files import read_json, read_lines, write_json
from workbench.methods.table import METHODS
from workbench.models import layouts
from workbench.models.facts import ModelFacts, facts
from workbench.models.layout_reader import read_layout
from workbench.models.load import load_model, load_outline
from workbench.runs.run_dir import RunDir
from workbench.training import plan
from workbench.training.checks import find_problems

ANSWER_TOKENS = 6


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_a_model_is_tuned_and_answers(kind: str, config: RunConfig, tmp_path: Path, root: Path) -> None:
    folder = make_model(tmp_path / kind, kind)
    model = load_model(folder, "fp32", "cpu")
    known = layouts.learn(facts(folder), root)
    assert asdict(known) == asdict(layouts.with_layout(facts(folder), read_layout(model)))
    assert known.parameters == sum(weight.numel() for weight in model.parameters())
    check_run(build({"model.path": str(folder)}, config), known, root)


@pytest.mark.slow
def test_the_experts_of_a_mixture_are_tuned_and_answer(config: RunConfig, tmp_path: Path, root: Path) -> None:
    folder = make_model(tmp_path / "mixtral", "mixtral")
    settings = {"model.path": str(folder), "method.target_modules": "attention, experts", "method.rank": 4}
    run = check_run(build(settings, config), layouts.learn(facts(folder), root), root)

    went_through = (losses(run), digest(run))
    shutil.rmtree(run.checkpoints_dir / "step-12")
    shutil.rmtree(run.adapter_dir)
    train(run)
    assert (losses(run), digest(run)) == went_through


def test_a_plan_waits_until_the_layers_are_listed(
    config: RunConfig, tmp_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make_model(tmp_path / "falcon", "falcon")
    monkeypatch.setattr(layouts.supervisor, "start", lambda *_: None)
    look = partial(plan.look, build({"model.path": str(folder)}, config), root)
    waiting = look(patience_seconds=60.0)
    assert isinstance(waiting, Waiting)
    assert waiting.message == "Listing the layers of the model."

    answer_for(folder, root)
    planned = look()
    assert isinstance(planned, plan.Plan)
    assert planned.facts.key_value_width == 16


def test_of_experts_it_is_told_that_they_are_not_quantised(config: RunConfig, tmp_path: Path, root: Path) -> None:
    folder = make_model(tmp_path / "mixtral", "mixtral")
    answer_for(folder, root)
    planned = plan.make(build({"model.path": str(folder), "model.quantization": "nf4"}, config), root)
    told = [problem.sentence for problem in find_problems(planned) if problem.setting == "model.quantization"]
    assert told == [
        "The experts of MixtralForCausalLM, 79% of its weights, are not held as nf4: they stay as they are."
    ]


def answer_for(folder: Path, root: Path) -> None:
    """What the process that is asked would leave behind."""
    path = root / "cache" / "layouts" / layouts.key(folder) / "layout.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    write_json(path, read_layout(load_outline(folder)).to_json())


def check_run(config: RunConfig, known: ModelFacts, root: Path) -> RunDir:
    """A run learns, trains as much as was said beforehand, and answers from its files as it did in training."""
    settings = {"training.learning_rate": 2e-2, "evaluation.answer_tokens": ANSWER_TOKENS}
    run = train(create(build(settings, config), root))
    assert min(losses(run)[1:]) < losses(run)[0]
    trained = read_json(run.environment_path)["trainable_parameters"]
    assert trained == METHODS["lora"].trainable(run.config().method, known)

    prompt, answer = last_sample(run)
    answers = ask(known.path, run, prompt)
    assert answers["tuned"].strip() == answer != answers["original"].strip()
    return run


def digest(run: RunDir) -> str:
    return hashlib.sha256((run.adapter_dir / "adapter_model.safetensors").read_bytes()).hexdigest()


def last_sample(run: RunDir) -> tuple[str, str]:
    """What the model was asked at the end of its training, and what it said then."""
    sample = read_lines(run.samples_path)[0][-1]
    return sample["prompt"], sample["answer"]


def ask(folder: Path, run: RunDir, prompt: str) -> dict[str, str]:
    """What the original and the tuned model, loaded from their files, say to the same prompt."""
    turn = ({"role": "user", "content": prompt},)
    targets = (Target("original", turn), Target("tuned", turn, str(run.adapter_dir)))
    greedy = Sampling(temperature=0.0, max_new_tokens=ANSWER_TOKENS)
    question = Question(str(folder), "fp32", targets, greedy)
    said = dict.fromkeys(("original", "tuned"), "")
    for event in answers(question, NetworkModel(question)):
        if event.kind != "begun":
            said[event.target] += event.text
    return said
