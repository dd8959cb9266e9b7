"""A run of the workbench that stops before each update, for what measures updates. All but the waiting is the product.

Examples are put in the order of their updates into a file, which the peers learn from in that order, too.
"""

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from benchmarks.shapes import DATA
from benchmarks.venvs import BUILD
from workbench.config.build import build
from workbench.jobs.folder import Request
from workbench.runs.run_dir import RunDir
from workbench.training import launch, plan
from workbench.training.continuing import checkpoints_of
from workbench.training.order import DataOrder
from workbench.training.recorder import Recorder
from workbench.training.room import NextCheckpoint

ROOT = BUILD / "workspace"
BATCH, LONGEST_TOKENS = 4, 512
SETTINGS: dict[str, Any] = {
    "data.path": str(DATA),
    "data.max_length": LONGEST_TOKENS,
    "data.over_long": "drop",
    "data.eval_share": 0.0,
    "evaluation.watched_prompts": 0,
    "hardware.engine": "fast",
    "method.rank": 8,
    "method.alpha": 16,
    "method.target_modules": "all-linear",
    "model.precision": "bf16",
    "training.batch_size": BATCH,
    "training.micro_batch_size": BATCH,
    "training.epochs": 100,
    "training.learning_rate": 5e-4,
    "training.scheduler": "constant",
    "training.warmup_ratio": 0.0,
    "training.save_every": 1_000_000,
    "training.eval_every": 1_000_000,
}
"""What all measured runs have in common: LoRA of rank 8 on all linear layers, 4 examples an update, answers learned."""


@dataclass(frozen=True)
class Update:
    """One update, all of it: forward, backward, clipping and optimizer, and what the loop does around them."""

    tokens: int
    """That are not padding."""
    seconds: float
    loss: float

    @property
    def rate(self) -> float:
        """Useful tokens a second."""
        return self.tokens / self.seconds


class OwnRun:
    """Made as `workbench train` makes a run, up to the place where its worker would be started."""

    def __init__(self, settings: Mapping[str, Any]) -> None:
        ROOT.mkdir(parents=True, exist_ok=True)
        self.plan = plan.make(build(SETTINGS | dict(settings)), ROOT)

    @cached_property
    def run(self) -> RunDir:
        """Its folder."""
        return launch.create(self.plan, "benchmark")

    def train(self, before: Callable[[], None], after: Callable[[Update], None]) -> None:
        """Train in this process; `before` and `after` are called around each update, outside of its time."""
        from workbench.training.assemble import assemble
        from workbench.training.loop import Loop
        from workbench.training.state import Progress

        watch = _Watch(self.run, before, after)
        task = assemble(self.run, watch)
        checkpoints = checkpoints_of(self.run, NextCheckpoint(self.run.path))
        Loop(task, watch, checkpoints, Progress()).run(watch.requested)

    def write_rows(self, file: Path, rows: int) -> None:
        """The first examples that are learned, as JSON lines, in their order: token ids, labels and the text."""
        order = DataOrder(len(self.plan.rows), BATCH, self.plan.config.training.seed)
        places = [place for step in range(-(-rows // BATCH)) for place in order.batch(step)]
        with file.open("w", encoding="utf-8") as stream:
            for place in places[:rows]:
                row = self.plan.rows[place]
                question, answer = self.plan.prepared.examples.examples[row.example].messages[-2:]
                text = {"instruction": question.content, "input": "", "output": answer.content}
                stream.write(json.dumps({"input_ids": row.input_ids, "labels": row.labels} | text) + "\n")


class _Watch(Recorder):
    """Knows from what it is asked when an update begins, and from what it is told when it has ended."""

    def __init__(self, run: RunDir, before: Callable[[], None], after: Callable[[Update], None]) -> None:
        super().__init__(run)
        self._before, self._after = before, after
        self._begun = 0.0
        self._tokens = 0
        self._asked = False

    def requested(self) -> Request | None:
        # The loop asks once more at the beginning, whether to check what it begins with.
        if self._asked:
            self._before()
        self._asked = True
        self._begun = time.perf_counter()
        return None

    def step(self, step: int, **numbers: Any) -> None:
        super().step(step, **numbers)
        seconds = time.perf_counter() - self._begun
        tokens, self._tokens = numbers["tokens"] - self._tokens, numbers["tokens"]
        self._after(Update(tokens, seconds, numbers["loss"]))
