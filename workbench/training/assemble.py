"""Puts model, data and method of a run together for the loop: what is the same whichever engine computes it."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from workbench.config.run_config import RunConfig
from workbench.jobs.files import write_json
from workbench.methods.base import Base
from workbench.models import catalog, layouts
from workbench.models.facts import ModelFacts, facts
from workbench.models.fingerprint import fingerprint, fingerprints
from workbench.runs import environment
from workbench.runs.run_dir import RunDir
from workbench.training import dataset
from workbench.training.auto import total_steps
from workbench.training.continuing import check_model
from workbench.training.engines import Engine, Ground
from workbench.training.finish import Finish
from workbench.training.loop import Task
from workbench.training.merged import check_merged
from workbench.training.optimizers import make_optimizer
from workbench.training.order import DataOrder, GroupedOrder
from workbench.training.recorder import Recorder
from workbench.training.schedule import Schedule
from workbench.training.soundness import check_weights
from workbench.training.state import Trained

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase


def assemble(run: RunDir, recorder: Recorder) -> Task:
    """Load everything a run needs. Raises DataError, ModelError or SettingError for what cannot be."""
    config = run.config()
    torch.set_num_threads(int(config.hardware.threads))
    recorder.phase("preparing", message="Reading the examples.")
    folder = catalog.find(config.model.path, run.root)
    known = layouts.learn(facts(folder, _lasting_name(config)), run.root)
    # Weights are gone through by one core, which the reading of examples leaves over.
    with ThreadPoolExecutor(1) as aside:
        checking = aside.submit(check_weights, run, known)
        ground = _read(run, config, known)
        check_model(run, folder)
        recorder.phase("preparing", message="Checking the weights of the model.")
        weights = checking.result()
    recorder.phase("preparing", message="Loading the model.")
    check_merged(run)
    engine = _build_engine(ground)
    _write_environment(ground, engine, weights)
    return Task(
        settings=config.training,
        finish=Finish(run, ground.steps),
        training=ground.rows.training,
        held_out=ground.rows.held_out,
        order=_order(ground),
        stepper=engine.stepper,
        trained=_trained(ground, engine),
        answer_questions=_questioner(ground, engine, recorder),
    )


def _read(run: RunDir, config: RunConfig, known: ModelFacts) -> Ground:
    rows = dataset.load(run, config)
    return Ground(
        run=run,
        config=config,
        facts=known,
        rows=rows,
        steps=total_steps(config, len(rows.training)),
        tokenizer=cache(partial(_load_tokenizer, known.path, config.data.template)),
    )


def _load_tokenizer(folder: Path, template: str) -> "PreTrainedTokenizerBase":
    """Imported only here: an engine may train without it."""
    from workbench.models.tokenizer import load_tokenizer

    return load_tokenizer(folder, template)


def _build_engine(ground: Ground) -> Engine:
    """The one that the settings name. Imported only here: what the other needs takes seconds to come up."""
    if ground.config.hardware.engine == "fast":
        from workbench.training import fast

        return fast.build(ground)
    from workbench.training import standard

    return standard.build(ground)


def _lasting_name(config: RunConfig) -> str:
    """What the adapter says it belongs to: a name, never where a folder stands on this computer."""
    path = Path(config.model.path)
    return path.name if path.is_absolute() else config.model.path


def _questioner(ground: Ground, engine: Engine, recorder: Recorder) -> Callable[[int], None]:
    """Records the watched answers at a step."""
    settings = ground.config.evaluation
    if not settings.prompts and not settings.watched_prompts:
        return lambda step: None
    # Conversations are written by transformers, which takes a while to come up.
    from workbench.training.watched import Answerer

    about = (settings, ground.config.data.system_prompt)
    answerer = Answerer(engine.decode, ground.tokenizer(), ground.facts.context, *about)
    questions = answerer.questions(ground.rows.held_out_examples)

    def answer_questions(step: int) -> None:
        for question in questions:
            recorder.sample(step, question.prompt, question.expected, answerer.answer(question))

    return answer_questions


def _order(ground: Ground) -> DataOrder:
    settings, rows = ground.config.training, ground.rows.training
    if settings.batching == "grouped":
        return GroupedOrder(rows.lengths, int(settings.batch_size), settings.seed)
    return DataOrder(len(rows), int(settings.batch_size), settings.seed)


def _trained(ground: Ground, engine: Engine) -> Trained:
    optimizer = make_optimizer(engine.learner.parameters, ground.config, engine.adamw)
    schedule = Schedule(optimizer.param_groups, ground.config.training, ground.steps)
    base = Base(ground.facts.name, fingerprint(ground.folder))
    return Trained(engine.learner, optimizer, schedule, partial(_beside, ground), base)


def _beside(ground: Ground) -> dict[str, str]:
    """The chat template that was trained with, under the name that transformers gives it, and the system prompt.

    Where the adapter was built on a merged one, it says so, too.
    """
    config = ground.config
    about = {"template": config.data.template, "system_prompt": config.data.system_prompt}
    if config.model.merged:
        about["merged"] = config.model.merged
    template = ground.tokenizer().chat_template
    files = {"workbench.json": json.dumps(about, ensure_ascii=False, indent=1) + "\n"}
    return files | ({"chat_template.jinja": template} if isinstance(template, str) else {})


def _write_environment(ground: Ground, engine: Engine, weights: dict[str, str]) -> None:
    here: dict[str, Any] = environment.describe()
    here |= {
        "model": {
            "name": ground.facts.name,
            "parameters": ground.facts.parameters,
            "fingerprint": fingerprint(ground.folder),
            "files": fingerprints(ground.folder),
            "weights": weights,
        },
        "data": ground.rows.facts,
        "precision": ground.config.model.precision,
        "threads": torch.get_num_threads(),
        "trainable_parameters": sum(p.numel() for p in engine.learner.parameters.values()),
    }
    write_json(ground.run.environment_path, here | engine.record)
