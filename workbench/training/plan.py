"""What a start would do, worked out before it: for the page and the command line alike. No torch."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Self

from workbench.config.build import build
from workbench.config.fields import value_at
from workbench.config.run_config import RunConfig
from workbench.data.counting.report import Report
from workbench.data.preparing.prepare import Preparation, Prepared
from workbench.data.preparing.steps import Waiting
from workbench.data.rendering.fit import FitSettings, FittedRows
from workbench.data.sets import sources
from workbench.data.split import Split
from workbench.errors import ModelError
from workbench.hardware.devices import free_memory_bytes, machine
from workbench.hardware.gpu import look_at_gpu
from workbench.memory.disk import Saved, run_bytes
from workbench.memory.past import History, Past, kind_of, learn, read_history
from workbench.memory.terms import Estimate
from workbench.memory.time import Duration
from workbench.memory.verdict import Verdict, judge, worse
from workbench.models import catalog, layouts
from workbench.models.facts import ModelFacts, facts
from workbench.runs.run_dir import Resolved
from workbench.training import lineage
from workbench.training.auto import Circumstances, resolve, total_steps, usual_length
from workbench.training.counted import Counted, count
from workbench.training.course import Subject
from workbench.training.foresight import foretell
from workbench.training.merged import find_merged
from workbench.training.needs import count_trained, estimate, estimate_vram

_LISTING = "Listing the layers of the model."


@dataclass(frozen=True)
class Plan:
    """A run worked out beforehand. `asked` keeps `auto`; `config` has it resolved."""

    root: Path
    asked: RunConfig
    config: RunConfig
    auto: dict[str, Resolved]
    facts: ModelFacts
    counted: Counted
    steps: int
    trainable: int
    ram: Estimate
    """What its worker takes of the computer's memory, after what earlier runs took."""
    past: Past
    history: History
    """What can be learned of earlier runs."""
    ram_free_gb: float
    vram: Estimate | None
    """What it takes of the GPU's; None where there is no GPU."""
    vram_free_gb: float | None
    """None also where the GPU does not tell."""
    parent: lineage.Parent | None
    """The run whose adapter is trained further."""
    merged: lineage.Parent | None
    """The run whose adapter is merged into the model for that."""

    def changed(self, settings: Mapping[str, Any]) -> "Plan":
        """The same plan with some settings changed, by their dotted names.

        Its data is not read again: it may be cut to another length, and another model is planned with its tokens.
        Raises SettingError for a value that cannot be, and ModelError for a model that cannot be tuned.
        """
        asked = build(settings, self.asked)
        model = self.facts if asked.model.path == self.asked.model.path else _find_model(asked.model.path, self.root)
        data = self.counted.fitted(fit_settings(asked, model))
        return _work_out(data, asked, _Place(self.root, model, self.history, self.ram_free_gb, self.vram_free_gb))

    @property
    def verdict(self) -> Verdict:
        """Of the computer's memory or the GPU's, whichever is the shorter."""
        return self.judge(self.ram, self.vram)

    def judge(self, ram: Estimate, vram: Estimate | None) -> Verdict:
        """Of other needs beside the same free memory."""
        of_ram = judge(ram.gb, self.ram_free_gb)
        if vram is None or self.vram_free_gb is None:
            return of_ram
        return worse(of_ram, judge(vram.gb, self.vram_free_gb))

    @property
    def ram_gb(self) -> float:
        return self.ram.gb

    @property
    def correction(self) -> float:
        """How far earlier runs here moved the estimate; 1 if there are none."""
        return self.past.factor

    @cached_property
    def saved(self) -> Saved:
        """What of it decides what it takes of the disk."""
        return Saved.of(self.config, self.facts)

    @property
    def adapter_mb(self) -> float:
        """Of the numbers in the result."""
        return 4 * self.saved.kept / 1e6

    @property
    def disk_gb(self) -> float:
        """The most that the run takes of the disk at a time; its rows are there already."""
        return run_bytes(self.saved, self.config.training, self.steps, checks=len(self.checked) > 0) / 1e9

    @cached_property
    def time(self) -> Duration:
        """From the start of its process to the end."""
        subject = Subject(self.config, self.facts, self.trainable, self.rows, self.checked, self.steps)
        return foretell(subject, self.root)

    @property
    def prepared(self) -> Prepared:
        return self.counted.prepared

    @property
    def split(self) -> Split:
        return self.counted.split

    @property
    def rows(self) -> FittedRows:
        """What is learned from."""
        return self.counted.rows

    @property
    def checked(self) -> FittedRows:
        """What is kept for checking."""
        return self.counted.checked

    @property
    def report(self) -> Report:
        return self.counted.report

    @property
    def training(self) -> int:
        """Examples to learn from, each as often as it is weighed."""
        return self.counted.training

    @property
    def examples(self) -> int:
        return self.report.accepted

    @property
    def rejected(self) -> int:
        return self.report.rejected

    @property
    def held_out(self) -> int:
        return self.report.held_out

    @property
    def duplicates(self) -> int:
        return self.split.duplicates_dropped


def make(config: RunConfig, root: Path, on_wait: Callable[[Waiting], None] = lambda waiting: None) -> Plan:
    """Work out a run, after its data has been read.

    Raises DataError or ModelError if there is nothing to work it out from; all else becomes `problems`.
    """
    sketch = Sketch(config, root)
    prepared = sketch.preparation.wait(sketch.model_path, on_wait)
    return sketch.plan(prepared, layouts.learn(sketch.facts, root))


def look(config: RunConfig, root: Path, patience_seconds: float = 0.0) -> Plan | Waiting:
    """The plan, if its data is read within `patience_seconds`; else how far the reading is. Raises as `make` does."""
    sketch = Sketch(config, root)
    # Asked first, so that the model is looked at while the data is read.
    known = layouts.look(sketch.facts, root)
    prepared = sketch.preparation.look(sketch.model_path, patience_seconds)
    if isinstance(prepared, Waiting):
        return prepared
    return sketch.plan(prepared, known) if known else Waiting(_LISTING)


class Sketch:
    """A run before its data has been read: the model is known, and which files are meant."""

    def __init__(self, config: RunConfig, root: Path) -> None:
        self.facts = _find_model(config.model.path, root)
        self.model_path = self.facts.path
        self._root = root
        self._asked = _with_lasting_paths(config, self.model_path, root)
        self.preparation = Preparation(self._asked.data, root)

    def cancel(self) -> None:
        """Give up the reading that is under way."""
        self.preparation.cancel(self.model_path)

    def plan(self, prepared: Prepared, model: ModelFacts) -> Plan:
        asked = self._asked
        _check_tunable(asked.model.path, model)
        fitting = fit_settings(asked, model)
        share, seed = asked.data.eval_share, asked.training.seed
        counted = count(prepared, fitting, share, seed, asked.model.path)
        return _work_out(counted, asked, _Place.now(self._root, model))


def _find_model(path: str, root: Path) -> ModelFacts:
    found = layouts.recall(facts(catalog.find(path, root)), root)
    _check_tunable(path, found)
    return found


def _check_tunable(path: str, model: ModelFacts) -> None:
    if not model.tunable:
        raise ModelError(f"{path} cannot be tuned: {model.reason}", "Choose another model.")


def fit_settings(config: RunConfig, model: ModelFacts) -> FitSettings:
    """How examples are made to fit; a max_length of `auto` is the model's."""
    length = usual_length(config, model) if config.data.max_length == "auto" else int(config.data.max_length)
    return FitSettings(length, config.data.over_long, config.data.overlap)


@dataclass(frozen=True)
class _Place:
    """What a plan depends on beside its settings and its data."""

    root: Path
    facts: ModelFacts
    history: History
    ram_free_gb: float
    vram_free_gb: float | None

    @classmethod
    def now(cls, root: Path, facts: ModelFacts) -> Self:
        gpu = look_at_gpu() if machine().gpu else None
        return cls(root, facts, read_history(root), free_memory_bytes() / 1e9, gpu.free_bytes / 1e9 if gpu else None)

    def around(self, data: Counted) -> Circumstances:
        free_gb = self.ram_free_gb if self.vram_free_gb is None else self.vram_free_gb
        return Circumstances(self.facts, machine(), free_gb, len(data.rows), data.longest_tokens)


def _work_out(data: Counted, asked: RunConfig, place: _Place) -> Plan:
    root, model = place.root, place.facts
    config, auto = resolve(asked, place.around(data))
    steps = total_steps(config, len(data.rows))
    load = (config, model, int(config.training.micro_batch_size), data.longest_tokens)
    ram = estimate(*load)
    past = learn(place.history, kind_of(config), ram)
    return Plan(
        root=root,
        asked=asked,
        config=config,
        auto=auto,
        facts=model,
        counted=data,
        steps=steps,
        trainable=count_trained(config, model),
        ram=past.correct(ram),
        past=past,
        history=place.history,
        ram_free_gb=place.ram_free_gb,
        vram=estimate_vram(*load),
        vram_free_gb=place.vram_free_gb,
        parent=lineage.find_parent(asked, model, root),
        merged=find_merged(asked, model, root),
    )


def _with_lasting_paths(config: RunConfig, model_path: Path, root: Path) -> RunConfig:
    """A file or folder given relative to the caller's folder must still be found from the worker's."""
    lasting = config
    given = Path(config.model.path).expanduser().resolve()
    if given == model_path.resolve():
        lasting = lasting.changed("model.path", str(given))
    for setting in ("data.path", "data.eval_path"):
        name = value_at(config, setting)
        reference = sources.find(name, root).reference if name else ""
        if Path(reference).is_absolute():
            lasting = lasting.changed(setting, reference)
    return lasting
