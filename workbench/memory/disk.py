"""What a run takes of the disk: its checkpoints, its result, and the most of both at a time. By arithmetic."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from workbench.config.methods import TAKING_STARTS, LoraSettings, MethodSettings
from workbench.config.run_config import RunConfig, TrainingSettings
from workbench.errors import SettingError
from workbench.memory.trained import Shape, remembered_on_disk, trained_shapes
from workbench.methods.lora import as_saved
from workbench.methods.table import METHODS
from workbench.models.facts import ModelFacts

_FP32 = 4

_NAMED_BYTES = 150
"""In a file of tensors, what one is called, its shape and its place. Measured."""

_RESULT_BYTES = 3_000
"""The small files of a result: how it was made, the chat template."""

_STATE_BYTES = 9_000
"""Those of a checkpoint besides: the random state, the place in the data, the settings, the digest of each file."""

_RECORDS_BYTES = 500_000
"""Of a run: its log, its samples, and where its examples are."""

_STEP_BYTES = 350
"""What the records grow by with each update: metrics.jsonl, and thinned.jsonl beside it."""


@dataclass(frozen=True)
class Saved:
    """What of a run decides the size of what it saves."""

    shapes: tuple[Shape, ...]
    """Of the tensors that are trained."""
    kept: int
    """Numbers in the result."""
    optimizer: str
    is_whole: bool
    """Whether the result has every trained number, so that a checkpoint does not hold them twice."""
    remembered: int
    """Numbers that the method itself has to remember."""

    @classmethod
    def of(cls, config: RunConfig, facts: ModelFacts) -> Self:
        """Of a config whose `auto` is resolved."""
        return cls.of_tensors(config, trained_shapes(config.method, facts), count_kept(config.method, facts))

    @classmethod
    def of_tensors(cls, config: RunConfig, shapes: Iterable[Shape], kept: int) -> Self:
        saved_as, trained = METHODS[config.method.name].saved_as, tuple(shapes)
        return cls(
            shapes=trained,
            kept=kept,
            optimizer=config.training.optimizer,
            is_whole=saved_as.trained in saved_as.files,
            remembered=_sets_remembered(config.method) * sum(map(math.prod, trained)),
        )

    @property
    def result_bytes(self) -> int:
        return _FP32 * self.kept + _NAMED_BYTES * len(self.shapes) + _RESULT_BYTES

    @property
    def checkpoint_bytes(self) -> int:
        own = 0 if self.is_whole else _named_bytes([_FP32 * math.prod(shape) for shape in self.shapes])
        slots = [remembered_on_disk(self.optimizer, shape) for shape in self.shapes]
        moments = _named_bytes([size for each in slots for size in each.values()])
        return self.result_bytes + own + moments + _FP32 * self.remembered + _STATE_BYTES


def run_bytes(saved: Saved, training: TrainingSettings, steps: int, *, checks: bool) -> int:
    """The most that a run takes at a time. A new checkpoint is written before the oldest one goes.

    `checks` says whether examples are kept to check with: then the best state so far is kept, and those that were the
    best at a check since the last checkpoint.
    """
    every = int(training.save_every)
    made = math.ceil(steps / every)
    checkpoints = min(made, training.keep_checkpoints + 1)
    bests = min(math.ceil(steps / int(training.eval_every)), 1 + math.ceil(every / int(training.eval_every)))
    results = (bests if checks else 0) + (1 if made <= training.keep_checkpoints else 0)
    records = _RECORDS_BYTES + _STEP_BYTES * steps
    return checkpoints * saved.checkpoint_bytes + results * saved.result_bytes + records


def count_kept(settings: MethodSettings, facts: ModelFacts) -> int:
    """Numbers in the result; 0 where the settings do not suit the model."""
    try:
        return METHODS[settings.name].kept(as_saved(settings), facts)
    except SettingError:
        return 0


def _sets_remembered(settings: MethodSettings) -> int:
    """How often a method keeps as many numbers as it trains: AdaLoRA what matters, others what they began with."""
    if isinstance(settings, LoraSettings):
        return 1 if settings.init in TAKING_STARTS else 0
    return 2 if settings.name == "adalora" else 0


def _named_bytes(sizes: list[float]) -> int:
    return int(sum(sizes)) + _NAMED_BYTES * len(sizes)
