"""What a run takes of the disk, by hand."""

from pathlib import Path

import pytest

from workbench.config.build import build
from workbench.config.optimizers import OPTIMIZERS
from workbench.config.run_config import RunConfig
from workbench.memory.disk import Saved, run_bytes
from workbench.memory.trained import remembered, remembered_on_disk, trained_shapes
from workbench.methods.table import METHODS
from workbench.models.facts import ModelFacts

_LAYERS = {"q_proj": (576, 576), "k_proj": (192, 576), "down_proj": (576, 1536)}
_MODEL = ModelFacts(
    "made",
    Path(),
    parameters=10**6,
    linear_shapes={f"model.layers.0.{name}": shape for name, shape in _LAYERS.items()},
    shapes={"embed": (1000, 576), "norm": (576,)},
)


def _config(**settings: object) -> RunConfig:
    known = {"training.save_every": 10, "training.eval_every": 5}
    return build({**known, **{name.replace("__", "."): value for name, value in settings.items()}})


def test_the_tensors_of_lora_are_two_a_layer() -> None:
    shapes = trained_shapes(_config().method, _MODEL)
    assert shapes == [(8, 576), (576, 8), (8, 576), (192, 8), (8, 1536), (576, 8)]
    assert sum(rows * columns for rows, columns in shapes) == METHODS["lora"].trainable(_config().method, _MODEL)


def test_settings_that_no_model_can_take_train_nothing() -> None:
    assert trained_shapes(_config(method__target_modules="nothing_of_this_name").method, _MODEL) == []


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_every_optimizer_remembers_what_its_facts_say(optimizer: str) -> None:
    numbers = 2048 * 2048
    said = OPTIMIZERS[optimizer].state_bytes * numbers
    kept = sum(remembered(optimizer, (2048, 2048)).values())
    assert kept <= said * 1.02
    assert kept == pytest.approx(said, rel=0.02) or optimizer == "adafactor"


def test_small_tensors_are_remembered_in_full_by_8_bit_optimizers() -> None:
    assert sum(remembered("adamw_8bit", (8, 511)).values()) == 8 * 8 * 511
    assert sum(remembered("adamw_8bit", (8, 512)).values()) == 2 * (8 * 512 + 4 * 16)
    on_disk = remembered_on_disk("adamw_8bit", (8, 512))
    assert sum(on_disk.values()) == 2 * (8 * 512 + 4 * 16 + 1024)


def test_a_checkpoint_holds_the_adapter_the_trained_numbers_and_two_moments() -> None:
    trainable = METHODS["lora"].trainable(_config().method, _MODEL)
    saved = Saved.of(_config(), _MODEL)
    names = 6 * (1 + 1 + 3) * 150
    assert 16 * trainable + names < saved.checkpoint_bytes < 16 * trainable + names + 25_000
    assert 4 * trainable < saved.result_bytes < 4 * trainable + 8_000


def test_where_the_model_itself_is_trained_nothing_is_held_twice() -> None:
    saved, trainable = Saved.of(_config(method__name="full"), _MODEL), 1001 * 576
    assert 12 * trainable < saved.checkpoint_bytes < 12 * trainable + 25_000


def test_a_run_takes_one_checkpoint_more_than_it_keeps() -> None:
    config = _config(training__keep_checkpoints=2)
    saved = Saved.of(config, _MODEL)
    one, two, ten = (run_bytes(saved, config.training, 10 * made, checks=False) for made in (1, 2, 10))
    assert two - one == pytest.approx(saved.checkpoint_bytes, rel=0.05)
    assert ten - two == pytest.approx(saved.checkpoint_bytes - saved.result_bytes, rel=0.2)
    checked = run_bytes(saved, config.training, 100, checks=True)
    assert checked - ten == 3 * saved.result_bytes
