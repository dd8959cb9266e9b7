"""A run without training: its folder grows as a worker lets it grow, for what measures the page."""

import json
import math
import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from workbench.config.run_config import RunConfig
from workbench.jobs.files import append_json
from workbench.jobs.process import ProcessId
from workbench.runs.run_dir import Resolved, RunDir
from workbench.training.recorder import Recorder

AUTO = {
    "training.epochs": Resolved(6, "about 100 updates"),
    "training.learning_rate": Resolved(0.0004, "LoRA, 5 M"),
    "data.max_length": Resolved(512, "enough for most questions and answers"),
    "hardware.threads": Resolved(2, "all physical cores"),
}
STEPS_PER_SECOND = 5
CHECK_EVERY = 250
QUESTIONS = ("Hello!", "What is your name?", "Tell me about a cat.")
MACHINE = {
    "ram_gb": 1.1,
    "cpu_percent": 197.0,
    "machine_ram_used_gb": 6.2,
    "machine_ram_total_gb": 21.0,
    "machine_cpu_percent": 99.0,
    "swap_gb": 0.0,
    "disk_free_gb": 61.0,
}


class GrownRun:
    """A run that trains, with so many updates behind it. Its living process is this one."""

    def __init__(self, root: Path, done: int) -> None:
        self.run = RunDir.create(root, "watched", RunConfig(), AUTO)
        me = ProcessId.current()
        self.run.write_process(time.time(), supervisor=me, worker=me)
        self.step = 0
        self.steps = 2 * done
        write_past(self.run.metrics_path, done)
        self._recorder = Recorder(self.run)
        self._recorder.begin(done, self.steps, "")
        self.step = done
        self._answer()
        self._measure()

    @contextmanager
    def growing(self) -> Iterator[None]:
        """Some updates a second, until the block ends."""
        over = threading.Event()

        def grow() -> None:
            while not over.wait(1 / STEPS_PER_SECOND):
                self._update()

        thread = threading.Thread(target=grow)
        thread.start()
        yield
        over.set()
        thread.join()

    def _update(self) -> None:
        self.step += 1
        self._recorder.training(self.step)
        row = update(self.step)
        self._recorder.step(self.step, **{name: row[name] for name in row if name not in ("attempt", "step")})
        if self.step % STEPS_PER_SECOND == 0:
            self._measure()
        if self.step % CHECK_EVERY == 0:
            self._recorder.evaluation(self.step, 1.9, row["seconds"])
            self._answer()

    def _answer(self) -> None:
        for question in QUESTIONS:
            self._recorder.sample(self.step, question, "Ahoy there!", f"Ahoy! I answer at step {self.step}.")

    def _measure(self) -> None:
        append_json(self.run.system_path, {"time": time.time()} | MACHINE)


def write_past(path: Path, done: int) -> None:
    """The updates of a run up to now, at once."""
    with path.open("w", encoding="utf-8") as file:
        for step in range(1, done + 1):
            file.write(json.dumps(update(step)) + "\n")
            if step % CHECK_EVERY == 0:
                check = {"attempt": 1, "step": step, "eval_loss": 1.9, "seconds": 0.2 * step}
                file.write(json.dumps(check) + "\n")


def update(step: int) -> dict[str, Any]:
    return {
        "attempt": 1,
        "step": step,
        "loss": round(1.2 + 2.7 * math.exp(-step / 2000) + 0.3 * random.random(), 5),
        "learning_rate": 0.0004,
        "grad_norm": round(0.6 + random.random(), 5),
        "tokens": 800 * step,
        "learned_tokens": 300 * step,
        "tokens_per_second": round(1000 + 90 * random.random(), 2),
        "epoch": round(step / 1000, 5),
        "seconds": round(0.2 * step, 3),
    }
