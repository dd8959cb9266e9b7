"""A run read as it grows: each file from where the last look ended."""

import json
import math
import time
from collections import deque
from functools import cached_property
from pathlib import Path
from typing import Any

from workbench.config.run_config import RunConfig
from workbench.jobs.files import read_json, read_lines
from workbench.monitoring.series import Smoother
from workbench.runs.foretold import Foretold, recall
from workbench.runs.metrics import Metrics
from workbench.runs.run_dir import RunDir

_RECENT_SAMPLES = 30
_LINES_A_LOOK_AT_THE_CLOCK = 1000


class Course:
    """Everything measured in a run so far. `poll` brings it up to date."""

    def __init__(self, run: RunDir) -> None:
        self.run = run
        self.metrics = Metrics(run.metrics_path)
        self.samples: list[dict[str, Any]] = []
        self.system = System(run.system_path)
        self._samples_offset = 0
        self._attempt = 1

    def poll(self, most_seconds: float = math.inf) -> "Course":
        """Read what is new; where that takes longer than `most_seconds`, the next call goes on."""
        self.metrics.poll(most_seconds)
        rows, self._samples_offset = read_lines(self.run.samples_path, self._samples_offset)
        for row in rows:
            self._take_sample(row)
        self.system.poll(most_seconds)
        return self

    @property
    def losses(self) -> list[float]:
        """Of the updates that gave a number; of a long run the first and the latest, and some between."""
        return [row["loss"] for row in self.metrics.steps if row["loss"] is not None]

    @property
    def smoothed(self) -> list[float | None]:
        """The moving average of the loss at each row of the metrics."""
        smoother = Smoother()
        return [smoother.add(row.get("mean", row["loss"])) for row in self.metrics.steps]

    @property
    def updates(self) -> int:
        """How many are done."""
        return self.metrics.steps[-1]["step"] if self.metrics.steps else 0

    @cached_property
    def config(self) -> RunConfig:
        """The settings as the run uses them, which never change."""
        return self.run.config()

    @cached_property
    def foretold(self) -> Foretold | None:
        """What was planned, None of a run of which that was not kept."""
        return recall(self.run.path)

    def data_facts(self) -> dict[str, Any]:
        """What became of the examples on their way into the model; empty until it is known."""
        return read_json(self.run.data_dir / "summary.json")

    def kept_step(self) -> int:
        """The step of the newest checkpoint; 0 if there is none."""
        names = (path.name for path in self.run.checkpoints_dir.glob("step-*"))
        return max((int(name.removeprefix("step-")) for name in names if name[5:].isdigit()), default=0)

    def checks(self) -> list[dict[str, Any]]:
        """The checks on held-out examples that gave a number."""
        return [row for row in self.metrics.evaluations if row["eval_loss"] is not None]

    def _take_sample(self, row: dict[str, Any]) -> None:
        """As with the metrics, what a later attempt does over again replaces what was there."""
        if row["attempt"] != self._attempt:
            self._attempt = row["attempt"]
            self.samples = [old for old in self.samples if old["step"] < row["step"]]
        self.samples.append(row)


class System:
    """The machine during a run: how it began, how it is now, the last half minute, and the most that the run took.

    A run of days leaves a large file, of which this is all that anyone asks; so it is read line by line and not kept.
    """

    def __init__(self, path: Path) -> None:
        self.first: dict[str, Any] | None = None
        self.last: dict[str, Any] | None = None
        self.peak_ram_gb = 0.0
        self.peak_gb: float | None = None
        """Of the memory that the run alone had; None where nobody looked."""
        self.recent: deque[dict[str, Any]] = deque(maxlen=_RECENT_SAMPLES)
        self._path = path
        self._offset = 0

    def poll(self, most_seconds: float = math.inf) -> None:
        """As with the course, reading goes on at the next call where the time is up."""
        if not self._path.exists():
            return
        deadline = time.monotonic() + most_seconds
        with self._path.open("rb") as file:
            file.seek(self._offset)
            for count, line in enumerate(file, 1):
                if line.endswith(b"\n"):
                    self._offset += len(line)
                    self._take(line)
                if count % _LINES_A_LOOK_AT_THE_CLOCK == 0 and time.monotonic() > deadline:
                    return

    def _take(self, line: bytes) -> None:
        """A line torn by a kill, or damaged, is passed over."""
        try:
            row = json.loads(line)
        except ValueError:
            return
        if not isinstance(row, dict) or "ram_gb" not in row:
            return
        self.first = self.first or row
        self.last = row
        self.recent.append(row)
        self.peak_ram_gb = max(self.peak_ram_gb, row["ram_gb"])
        if "peak_gb" in row:
            self.peak_gb = max(self.peak_gb or 0.0, row["peak_gb"])
