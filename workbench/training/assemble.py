"""Puts a causal language model, its data and its method together for the loop."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from workbench.config.run_config import RunConfig
from workbench.jobs.files import write_json
from workbench.methods.base import Base
from workbench.methods.merging import merge
from workbench.methods.regimen import Regimen
from workbench.methods.table import METHODS
from workbench.models import catalog, layouts
from workbench.models.facts import ModelFacts, facts
from workbench.models.fingerprint import fingerprint, fingerprints
from workbench.models.load import load_model, load_tokenizer
from workbench.models.quantization import Quantization, keep_unpacked
from workbench.runs import environment
from workbench.runs.run_dir import RunDir
from workbench.training import dataset
from workbench.training.apart import keep_apart
from workbench.training.auto import total_steps
from workbench.training.batches import Batching, Packed, Padded
from workbench.training.computing import computing_in
from workbench.training.continuing import check_model
from workbench.training.dataset import Rows
from workbench.training.loop import Task
from workbench.training.loss_scale import LossScale
from workbench.training.merged import check_merged
from workbench.training.noise import Noise
from workbench.training.optimizers import make_optimizer
from workbench.training.order import DataOrder, GroupedOrder
from workbench.training.recorder import Recorder
from workbench.training.soundness import check_weights
from workbench.training.state import Trained
from workbench.training.stepper import StandardStepper
from workbench.training.watched import Answerer

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

    from workbench.methods.base import Network


@dataclass(frozen=True)
class _Parts:
    """What has been loaded so far."""

    config: RunConfig
    facts: ModelFacts
    tokenizer: "PreTrainedTokenizerBase"
    rows: Rows
    steps: int
    model: "Network"
    regimen: Regimen


def assemble(run: RunDir, recorder: Recorder) -> Task:
    """Load everything a run needs. Raises DataError, ModelError or SettingError for what cannot be."""
    config = run.config()
    torch.set_num_threads(int(config.hardware.threads))
    recorder.phase("preparing", message="Reading the examples.")
    folder = catalog.find(config.model.path, run.root)
    tokenizer = load_tokenizer(folder, config.data.template)
    rows = dataset.load(run, config)
    known = layouts.learn(facts(folder, _lasting_name(config)), run.root)
    check_model(run, folder)
    recorder.phase("preparing", message="Checking the weights of the model.")
    weights = check_weights(run, known)
    recorder.phase("preparing", message="Loading the model.")
    steps = total_steps(config, len(rows.training))
    check_merged(run)
    model = _adapted_model(config, folder, known, run.merged_dir)
    regimen = METHODS[config.method.name].regimen(model, config.method, steps)
    parts = _Parts(config, known, tokenizer, rows, steps, model, regimen)
    _write_environment(run, parts, weights)
    return _task(parts, recorder)


def _lasting_name(config: RunConfig) -> str:
    """What the adapter says it belongs to: a name, never where a folder stands on this computer."""
    path = Path(config.model.path)
    return path.name if path.is_absolute() else config.model.path


def _adapted_model(config: RunConfig, folder: Path, known: ModelFacts, merged: Path) -> "Network":
    device = "cuda" if torch.cuda.is_available() else "cpu"
    quantization = Quantization.of(config.model)
    base = load_model(folder, config.model.precision, device, quantization)
    if config.model.merged:
        merge(base, merged)
    if quantization.is_4_bit:
        keep_unpacked(base)
    if config.training.gradient_checkpointing:
        base.gradient_checkpointing_enable(gradient_checkpointing_kwargs={"use_reentrant": False})
        base.enable_input_require_grads()
    torch.manual_seed(config.training.seed)
    return METHODS[config.method.name].apply(base, config.method, known).train()


def _task(parts: _Parts, recorder: Recorder) -> Task:
    config = parts.config
    answerer = _answerer(parts)
    questions = answerer.questions(parts.rows.held_out_examples)

    def answer_questions(step: int) -> None:
        for question in questions:
            recorder.sample(step, question.prompt, question.expected, answerer.answer(question))

    noise = Noise(parts.model, config.training.neftune_noise_alpha)
    stepper = StandardStepper(parts.model, _batching(parts), config.model.precision, parts.regimen, noise)
    return Task(
        settings=config.training,
        steps=parts.steps,
        training=parts.rows.training,
        held_out=parts.rows.held_out,
        order=_order(parts),
        stepper=stepper,
        trained=_trained(parts, stepper.scale),
        answer_questions=answer_questions,
    )


def _answerer(parts: _Parts) -> Answerer:
    config = parts.config
    about = (config.evaluation, config.data.system_prompt, config.model.precision)
    return Answerer(parts.model, parts.tokenizer, parts.facts.context, *about)


def _order(parts: _Parts) -> DataOrder:
    settings, rows = parts.config.training, parts.rows.training
    if settings.batching == "grouped":
        return GroupedOrder(rows.lengths, int(settings.batch_size), settings.seed)
    return DataOrder(len(rows), int(settings.batch_size), settings.seed)


def _batching(parts: _Parts) -> Batching:
    settings, device = parts.config.training, parts.model.device.type
    if settings.batching == "packed":
        with computing_in(parts.config.model.precision, device):
            keep_apart(parts.model)
        return Packed(int(settings.micro_batch_size), device)
    return Padded(int(settings.micro_batch_size), parts.tokenizer.pad_token_id or 0, device)


def _trained(parts: _Parts, scale: LossScale) -> Trained:
    from transformers import get_scheduler

    settings = parts.config.training
    trained = {name: p for name, p in parts.model.named_parameters() if p.requires_grad}
    optimizer = make_optimizer(trained, parts.config)
    name = "constant_with_warmup" if settings.scheduler == "constant" else settings.scheduler
    warmup = round(settings.warmup_ratio * parts.steps)
    scheduler = get_scheduler(name, optimizer, num_warmup_steps=warmup, num_training_steps=parts.steps)
    saved_as, base = METHODS[parts.config.method.name].saved_as, Base(parts.facts.name, fingerprint(parts.facts.path))
    return Trained(parts.model, optimizer, scheduler, _beside(parts), parts.regimen, scale, saved_as, base)


def _beside(parts: _Parts) -> dict[str, str]:
    """The chat template that was trained with, under the name that transformers gives it, and the system prompt.

    Where the adapter was built on a merged one, it says so, too.
    """
    about = {"template": parts.config.data.template, "system_prompt": parts.config.data.system_prompt}
    if parts.config.model.merged:
        about["merged"] = parts.config.model.merged
    template = parts.tokenizer.chat_template
    files = {"workbench.json": json.dumps(about, ensure_ascii=False, indent=1) + "\n"}
    return files | ({"chat_template.jinja": template} if isinstance(template, str) else {})


def _write_environment(run: RunDir, parts: _Parts, weights: dict[str, str]) -> None:
    folder = parts.facts.path
    here: dict[str, Any] = environment.describe()
    here |= {
        "model": {
            "name": parts.facts.name,
            "parameters": parts.facts.parameters,
            "fingerprint": fingerprint(folder),
            "files": fingerprints(folder),
            "weights": weights,
        },
        "data": parts.rows.facts,
        "precision": parts.config.model.precision,
        "threads": torch.get_num_threads(),
        "device": parts.model.device.type,
        "trainable_parameters": sum(p.numel() for p in parts.model.parameters() if p.requires_grad),
    }
    write_json(run.environment_path, here)
