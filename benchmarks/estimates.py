"""Whether the plan's memory is right, beside what runs then take:  python -m benchmarks.estimates

Each configuration is planned and then trained for a few updates, as `workbench train` does. What counts is the
anonymous memory of the worker at its peak, looked at every 20 ms: files that are only mapped can be given back.
"""

import argparse
import re
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

from benchmarks.made_data import long_rows
from benchmarks.own_run import ROOT
from benchmarks.shapes import DATA, model_folder
from workbench.config.build import build
from workbench.errors import WorkbenchError
from workbench.jobs.folder import ENDED
from workbench.runs.run_dir import RunDir
from workbench.training import launch, plan

SHAPES = ("mini", "smol", "qwen")
SAMPLE_SECONDS = 0.02
_ANONYMOUS = re.compile(r"RssAnon:\s+(\d+) kB")

COMMON: dict[str, Any] = {
    "data.over_long": "cut_end",
    "data.eval_share": 0.0,
    "evaluation.watched_prompts": 0,
    "hardware.priority": "normal",
    "training.max_steps": 3,
    "training.save_every": 1_000_000,
    "training.eval_every": 1_000_000,
}
METHODS: dict[str, dict[str, Any]] = {
    "full": {"method.name": "full"},
    "LoRA": {},
    "LoRA, standard path": {"hardware.engine": "standard"},
    "int8": {"model.quantization": "int8"},
    "NF4": {"model.quantization": "nf4"},
    "NF4, standard path": {"model.quantization": "nf4", "hardware.engine": "standard"},
}
SIZES: tuple[tuple[int, int, bool], ...] = ((128, 4, False), (512, 2, True), (1024, 1, False))
"""Length in tokens, micro-batch, gradient checkpointing."""


@dataclass(frozen=True)
class Case:
    shape: str
    method: str
    length: int
    micro_batch: int
    checkpointing: bool

    def __str__(self) -> str:
        thrift = ", checkpointing" if self.checkpointing else ""
        return f"{self.shape}, {self.method}, {self.micro_batch} x {self.length}{thrift}"

    def settings(self, data: Path) -> dict[str, Any]:
        return (
            COMMON
            | METHODS[self.method]
            | {
                "model.path": str(model_folder(self.shape)),
                "data.path": str(data),
                "data.max_length": self.length,
                "training.batch_size": self.micro_batch,
                "training.micro_batch_size": self.micro_batch,
                "training.gradient_checkpointing": self.checkpointing,
            }
        )


@dataclass(frozen=True)
class Outcome:
    case: Case
    estimated_gb: float
    measured_gb: float

    @property
    def error(self) -> float:
        """Of what was measured; above 0 where the estimate is too high."""
        return self.estimated_gb / self.measured_gb - 1


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shapes", nargs="*", choices=SHAPES, default=SHAPES, help="models (default: all)")
    parser.add_argument("--methods", nargs="*", choices=METHODS, default=METHODS, help="methods (default: all)")
    options = parser.parse_args()
    cases = [Case(shape, method, *size) for shape, method, size in product(options.shapes, options.methods, SIZES)]
    outcomes = list(_measure_all(cases))
    errors = [outcome.error for outcome in outcomes]
    print(
        f"{len(errors)} configurations: median error {100 * statistics.median(map(abs, errors)):.1f} %, "
        f"from {100 * min(errors):+.0f} % to {100 * max(errors):+.0f} %"
    )


def _measure_all(cases: list[Case]) -> Iterator[Outcome]:
    data = long_rows(DATA)
    for case in cases:
        try:
            outcome = measure(case, data)
        except WorkbenchError as error:
            print(f"{case!s:<56} not run: {error.message}", flush=True)
            continue
        yield outcome
        print(
            f"{case!s:<56} {outcome.estimated_gb:6.2f} GB planned {outcome.measured_gb:6.2f} GB taken "
            f"{100 * outcome.error:+5.0f} %",
            flush=True,
        )


def measure(case: Case, data: Path) -> Outcome:
    planned = plan.make(build(case.settings(data)), ROOT)
    run = launch.start(planned, "estimate")
    peak_gb = _peak_gb(run)
    if (status := run.status()).phase != "finished":
        raise WorkbenchError(f"The run ended as {status.phase}: {status.message}", status.hint)
    return Outcome(case, planned.ram_gb, peak_gb)


def _peak_gb(run: RunDir) -> float:
    """The most that the run's worker held until its end."""
    peak = 0
    while run.status().phase not in ENDED:
        worker = run.processes().get("worker")
        peak = max(peak, _anonymous_bytes(worker.pid) if worker else 0)
        time.sleep(SAMPLE_SECONDS)
    return peak / 1e9


def _anonymous_bytes(pid: int) -> int:
    """0 for a process that has ended."""
    try:
        found = _ANONYMOUS.search(Path(f"/proc/{pid}/status").read_text())
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return 1024 * int(found[1]) if found else 0


if __name__ == "__main__":
    main()
