"""What a start would do, worked out before it: for the page and the command line alike. No torch."""

import math
import statistics
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from workbench.config.fields import value_at
from workbench.config.run_config import RunConfig
from workbench.data.examples import Example
from workbench.data.reading.read import Reading, read
from workbench.data.sets import sources
from workbench.data.split import Split, hold_out
from workbench.errors import ModelError, SettingError
from workbench.hardware.devices import free_memory_bytes, machine
from workbench.memory.estimate import peak_gb
from workbench.memory.time import START_SECONDS, measured_tokens_per_second, step_seconds
from workbench.methods.table import METHODS
from workbench.models import catalog
from workbench.models.facts import ModelFacts, facts
from workbench.runs.run_dir import Resolved
from workbench.training.auto import Circumstances, load_of, resolve, total_steps, usual_length

Range = tuple[float, float]

_CHARACTERS_PER_TOKEN = 3.5
_TURN_TOKENS = 6


@dataclass(frozen=True)
class Plan:
    """A run worked out beforehand. `asked` keeps `auto`; `config` has it resolved."""

    root: Path
    asked: RunConfig
    config: RunConfig
    auto: dict[str, Resolved]
    facts: ModelFacts
    reading: Reading
    split: Split
    steps: int
    trainable: int
    adapter_mb: float
    ram_gb: float
    ram_free_gb: float
    seconds: tuple[float, float]
    measured: bool
    """Whether `seconds` rests on an earlier run here, rather than on arithmetic."""

    @property
    def examples(self) -> int:
        return len(self.reading.examples)

    @property
    def rejected(self) -> int:
        return len(self.reading.rejected)

    @property
    def training(self) -> int:
        return len(self.split.training)

    @property
    def held_out(self) -> int:
        return len(self.split.held_out)

    @property
    def duplicates(self) -> int:
        return self.split.duplicates_dropped


def make(config: RunConfig, root: Path) -> Plan:
    """Work out a run.

    Raises DataError or ModelError if there is nothing to work it out from; all else becomes `problems`.
    """
    model_path, data_path = catalog.find(config.model.path, root), sources.find(config.data.path, root)
    model = facts(model_path)
    if not model.tunable:
        raise ModelError(f"{config.model.path} cannot be tuned: {model.reason}", "Choose another model.")
    asked = _with_lasting_paths(config, model_path, data_path)
    reading = _read(data_path, data_path.stat().st_mtime_ns)
    split = hold_out(reading.examples, asked.data.eval_share, asked.training.seed)
    return _work_out(asked, root, model, reading, split)


@lru_cache(maxsize=1)
def _read(path: Path, changed_at: int) -> Reading:
    """The form asks anew at every keystroke, and the file stays the same; `changed_at` tells when it does not."""
    return read(path)


def _work_out(asked: RunConfig, root: Path, model: ModelFacts, reading: Reading, split: Split) -> Plan:
    length = usual_length(model) if asked.data.max_length == "auto" else int(asked.data.max_length)
    lengths = [tokens for example in split.training for tokens in _rough_rows(example, length)]
    free_gb = free_memory_bytes() / 1e9
    around = Circumstances(model, machine(), free_gb, len(lengths), max(lengths, default=0))
    config, auto = resolve(asked, around)
    steps = total_steps(config, len(lengths))
    trainable = _trainable(config, model)
    seconds, measured = _seconds(root, config, model, steps, statistics.mean(lengths or [0]))
    return Plan(
        root=root,
        asked=asked,
        config=config,
        auto=auto,
        facts=model,
        reading=reading,
        split=split,
        steps=steps,
        trainable=trainable,
        adapter_mb=4 * trainable / 1e6,
        ram_gb=peak_gb(model, load_of(config, int(config.training.micro_batch_size), around, trainable)),
        ram_free_gb=free_gb,
        seconds=seconds,
        measured=measured,
    )


def _trainable(config: RunConfig, model: ModelFacts) -> int:
    """0 where the settings do not suit the model; `problems` says why."""
    try:
        return METHODS[config.method.name].trainable(config.method, model)
    except SettingError:
        return 0


def _seconds(root: Path, config: RunConfig, model: ModelFacts, steps: int, tokens: float) -> tuple[Range, bool]:
    """The fewest and most seconds of the whole run, and whether they rest on a measurement.

    `tokens` are those of an average example.
    """
    tokens_per_step = tokens * int(config.training.batch_size)
    rate = measured_tokens_per_second(root, config.model.path, config.method.name)
    if rate:
        seconds = steps * tokens_per_step / rate
        return (START_SECONDS[0] + 0.9 * seconds, START_SECONDS[1] + 1.2 * seconds), True
    fast, slow = step_seconds(model.parameters, tokens_per_step, machine())
    return (START_SECONDS[0] + steps * fast, START_SECONDS[1] + steps * slow), False


def _with_lasting_paths(config: RunConfig, model_path: Path, data_path: Path) -> RunConfig:
    """A file or folder given relative to the caller's folder must still be found from the worker's."""
    lasting = config
    for setting, found in (("model.path", model_path), ("data.path", data_path)):
        given = Path(value_at(config, setting)).expanduser().resolve()
        if given == found.resolve():
            lasting = lasting.changed(setting, str(given))
    return lasting


def _rough_rows(example: Example, length: int) -> list[int]:
    """Tokens of each row an example gives, without a tokenizer, which the page does not load. Texts are split."""
    characters = len(example.text) + sum(len(turn.content) for turn in example.messages)
    tokens = 1 + int(characters / _CHARACTERS_PER_TOKEN) + _TURN_TOKENS * len(example.messages)
    pieces = 1 if example.messages else math.ceil(tokens / length)
    return [math.ceil(tokens / pieces)] * pieces
