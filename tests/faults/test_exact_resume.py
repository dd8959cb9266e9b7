"""A resumed run ends with the bytes of one that was never interrupted, from every step, as the documents say."""

import hashlib
import itertools
import shutil
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from tests.faults.conftest import Cases
from tests.faults.evidence import digest, outcome
from tests.faults.exactness import CHOICES, Cell, read_fast_table, read_table
from tests.faults.forked import copy, finish, work
from tests.training.in_process import create
from workbench.config.build import build
from workbench.config.run_config import RunConfig
from workbench.engine.coverage import why_not
from workbench.hardware.devices import machine
from workbench.methods.table import METHODS
from workbench.models.facts import facts
from workbench.models.quantization import Quantization
from workbench.runs.run_dir import RunDir
from workbench.training import loop, state

MANNERS = list(itertools.product(CHOICES["training.scheduler"], (False, True)))
"""Courses of the learning rate, without and with gradient checkpointing."""
STEPS = 18


@pytest.fixture
def winding(config: RunConfig) -> RunConfig:
    """Three passes of six updates, the last of each smaller; updates in uneven parts; a checkpoint at every step."""
    changes = {
        "method.dropout": 0.2,
        "training.epochs": 3,
        "training.micro_batch_size": 3,
        "training.save_every": 1,
        "training.keep_checkpoints": STEPS,
        "training.warmup_ratio": 0.2,
        "training.neftune_noise_alpha": 5.0,
        "evaluation.watched_prompts": 2,
    }
    for path, value in changes.items():
        config = config.changed(path, value)
    return config


def test_the_table_has_a_cell_for_every_method_precision_and_batching() -> None:
    listed = [(cell.method, cell.precision, cell.batching) for cell in read_table()]
    precisions, batchings = (
        [name for name in CHOICES[path] if name != "auto"] for path in ("model.precision", "training.batching")
    )
    precisions += [name for name in CHOICES["model.quantization"] if name not in ("none", "auto")]
    assert listed == list(itertools.product(METHODS, precisions, batchings))


def test_the_table_says_no_where_a_method_refuses(tiny_model: Path, config: RunConfig) -> None:
    for cell in read_table():
        used = cell.settings(config)
        method = METHODS[cell.method]
        refused = method.refuses(used.method, facts(tiny_model), Quantization.of(used.model))
        packed_apart = cell.batching == "packed" and not method.packs
        assert cell.proved == (not refused and not packed_apart), cell


@pytest.mark.slow
@pytest.mark.parametrize("method", METHODS)
def test_from_every_step_to_the_same_bytes(method: str, winding: RunConfig, root: Path, cases: Cases) -> None:
    proved = [cell for cell in read_table() if cell.proved and cell.method == method]
    for cell in cases.among(proved, 4 if method == "lora" else 1):
        for scheduler, checkpointing in manners(cell, cases):
            config = cell.settings(winding).changed("training.scheduler", scheduler)
            config = config.changed("training.gradient_checkpointing", checkpointing)
            blank = create(config, root, f"{cell}-{scheduler}-{checkpointing}")
            prove(blank, cases.among(range(1, STEPS), 2))


def test_the_fast_table_says_no_where_the_fast_engine_refuses(tiny_model: Path, config: RunConfig) -> None:
    cells = read_fast_table()
    held = [(cell.precision, cell.batching) for cell in cells]
    assert held == [(standard.precision, standard.batching) for standard in read_table() if standard.method == "lora"]
    for cell in cells:
        covered = why_not(cell.settings(config), facts(tiny_model), replace(machine(), gpu=None)) is None
        assert cell.proved == covered, cell


@pytest.mark.slow
@pytest.mark.parametrize("scheduler", CHOICES["training.scheduler"])
def test_on_the_fast_engine_from_every_step_to_the_same_bytes(
    scheduler: str, winding: RunConfig, root: Path, cases: Cases
) -> None:
    several = {"training.neftune_noise_alpha": 0.0, "training.scheduler": scheduler, "method.plus_ratio": 4.0}
    for cell in cases.among([cell for cell in read_fast_table() if cell.proved], 2):
        blank = create(cell.settings(build(several, winding)), root, f"{cell}-{scheduler}")
        prove(blank, cases.among(range(1, STEPS), 2))


def manners(cell: Cell, cases: Cases) -> list[tuple[str, bool]]:
    """All of them for plain LoRA, where all are tried, and one elsewhere."""
    possible = [manner for manner in MANNERS if METHODS[cell.method].checkpoints or not manner[1]]
    if cell.method == "lora" and not cell.is_quantised:
        return cases.among(possible, 1)
    return [cases.chance.choice(possible)]


def prove(blank: RunDir, steps: list[int]) -> None:
    """Resumed from each of these steps, a run ends as one that was never interrupted."""
    whole = finish(copy(blank, f"{blank.id}-whole"))
    assert whole.stored_status().step == STEPS
    for step in steps:
        part = finish(killed_after(step, blank, whole))
        assert digest(part) == digest(whole), (blank.id, step)
        assert last_state(part) == last_state(whole), (blank.id, step)
        shutil.rmtree(part.path)


def killed_after(step: int, blank: RunDir, whole: RunDir) -> RunDir:
    """A run that has nothing but the checkpoint of one step."""
    part = copy(blank, f"{blank.id}-part-{step}")
    shutil.copytree(whole.checkpoints_dir / f"step-{step}", part.checkpoints_dir / f"step-{step}")
    return part


def last_state(run: RunDir) -> dict[str, str]:
    """The sha256 of all that a resume from the end would start with, but for the seconds."""
    files = (run.checkpoints_dir / f"step-{STEPS}").glob("*.safetensors")
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def forget(name: str, run: RunDir) -> None:
    """Leave one part of the state as it is at the start."""
    setattr(state, name, lambda *parts: None)


@pytest.mark.slow
@pytest.mark.parametrize(
    "fault",
    [partial(forget, "_restore_random_state"), partial(forget, "put_state")],
    ids=["random", "moments"],
)
def test_each_part_of_a_checkpoint_is_needed(fault, winding: RunConfig, root: Path) -> None:
    blank = create(winding, root, "blank")
    whole = finish(copy(blank, "whole"))
    part = killed_after(7, blank, whole)
    assert work(part, fault).code == 0
    assert digest(part) != digest(whole)


def skip_checks(run: RunDir) -> None:
    loop.Loop._check = lambda self: None


@pytest.mark.slow
def test_checks_and_watched_answers_leave_the_training_alone(winding: RunConfig, root: Path) -> None:
    often = winding.changed("training.eval_every", 1).changed("evaluation.watched_prompts", 5)
    seldom = winding.changed("training.eval_every", 7).changed("evaluation.watched_prompts", 0)
    runs = [finish(create(config, root, name)) for config, name in ((often, "often"), (seldom, "seldom"))]
    never = create(winding, root, "never")
    assert work(never, skip_checks).code == 0
    assert [len(outcome(run)["checks"]) for run in (*runs, never)] == [STEPS + 1, 4, 0]
    assert digest(runs[0]) == digest(runs[1]) == digest(never)
