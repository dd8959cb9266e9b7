"""What a run is computed with: what an engine is given, and what it makes of it. Each is a module with `build`."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.config.run_config import RunConfig
from workbench.config.sampling import Sampling
from workbench.models.facts import ModelFacts
from workbench.runs.run_dir import RunDir
from workbench.training.dataset import Rows
from workbench.training.optimizers import Maker
from workbench.training.state import Learner
from workbench.training.stepper import Stepper

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase


Decode = Callable[[list[int], Sampling], list[int]]
"""The tokens that follow a prompt."""


@dataclass(frozen=True)
class Ground:
    """What is known of a run before its model is loaded."""

    run: RunDir
    config: RunConfig
    facts: ModelFacts
    rows: Rows
    steps: int
    tokenizer: Callable[[], "PreTrainedTokenizerBase"]
    """Loaded when it is first asked for: an engine may train without it."""

    @property
    def folder(self) -> Path:
        """Of the model."""
        return self.facts.path


@dataclass(frozen=True)
class Engine:
    """A model that is ready to learn."""

    learner: Learner
    stepper: Stepper
    decode: Decode
    adamw: Maker
    record: dict[str, Any]
    """What computes the run, kept with it and compared when it goes on."""
