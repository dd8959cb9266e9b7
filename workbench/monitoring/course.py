"""A run read as it grows: each file from where the last look ended."""

from typing import Any

from workbench.jobs.files import read_lines
from workbench.monitoring.series import Smoother
from workbench.runs.metrics import Metrics
from workbench.runs.run_dir import RunDir


class Course:
    """Everything measured in a run so far. `poll` brings it up to date."""

    def __init__(self, run: RunDir) -> None:
        self.metrics = Metrics(run.metrics_path)
        self.smoothed: list[float | None] = []
        self.samples: list[dict[str, Any]] = []
        self.system = System()
        self._run = run
        self._offsets = {"samples": 0, "system": 0}
        self._smoother = Smoother()
        self._generation = 0
        self._attempt = 1

    def poll(self) -> "Course":
        self.metrics.poll()
        self._smooth_new()
        rows, self._offsets["samples"] = read_lines(self._run.samples_path, self._offsets["samples"])
        for row in rows:
            self._take_sample(row)
        rows, self._offsets["system"] = read_lines(self._run.system_path, self._offsets["system"])
        self.system.take(rows)
        return self

    def checks(self) -> list[dict[str, Any]]:
        """The checks on held-out examples that gave a number."""
        return [row for row in self.metrics.evaluations if row["eval_loss"] is not None]

    def _take_sample(self, row: dict[str, Any]) -> None:
        """As with the metrics, what a later attempt does over again replaces what was there."""
        if row["attempt"] != self._attempt:
            self._attempt = row["attempt"]
            self.samples = [old for old in self.samples if old["step"] < row["step"]]
        self.samples.append(row)

    def _smooth_new(self) -> None:
        if self._generation != self.metrics.generation:
            self._generation, self.smoothed, self._smoother = self.metrics.generation, [], Smoother()
        self.smoothed += [self._smoother.add(row["loss"]) for row in self.metrics.steps[len(self.smoothed) :]]


class System:
    """The machine during a run: how it began, how it is now, and the most that the run took."""

    def __init__(self) -> None:
        self.first: dict[str, Any] | None = None
        self.last: dict[str, Any] | None = None
        self.peak_ram_gb = 0.0

    def take(self, rows: list[dict[str, Any]]) -> None:
        for row in rows:
            self.first = self.first or row
            self.last = row
            self.peak_ram_gb = max(self.peak_ram_gb, row["ram_gb"])
