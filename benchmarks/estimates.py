"""Whether the plan's memory is right, beside what runs then take:  python -m benchmarks.estimates

Each configuration is planned and then trained for a few updates, as `workbench train` does. What counts is the
anonymous memory of the worker at its peak, looked at every 20 ms: files that are only mapped can be given back. What
earlier runs taught is left aside. With --limit, each that fits is run once more in a control group that may have no
more than its estimate and a tenth. Ends with 1 if a bound is broken.
"""

import argparse
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

from benchmarks.limits import LimitedGroup, NoGroupError, limited_group
from benchmarks.made_data import long_rows
from benchmarks.own_run import ROOT
from benchmarks.shapes import DATA, model_folder
from workbench.config.build import build
from workbench.errors import WorkbenchError
from workbench.hardware.anonymous import AnonymousMemory
from workbench.hardware.devices import free_memory_bytes
from workbench.jobs.folder import ENDED
from workbench.memory.terms import Estimate
from workbench.memory.verdict import judge
from workbench.runs.run_dir import RunDir
from workbench.training import launch, plan
from workbench.training.needs import estimate

SHAPES = ("mini", "smol", "qwen")
SAMPLE_SECONDS = 0.02
MEDIAN, TOO_LOW, TOO_HIGH = 0.05, -0.08, 0.20
"""Bounds of the error: of its size in the middle, and of each."""

ROOM = 1.1
"""Times its estimate, what a run is limited to."""

_ENDING_SECONDS = 30.0

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
    threads: int | None
    """None for all cores."""

    def __str__(self) -> str:
        thrift = ", checkpointing" if self.checkpointing else ""
        return f"{self.shape}, {self.method}, {self.micro_batch} x {self.length}{thrift}"

    def settings(self, data: Path) -> dict[str, Any]:
        given: dict[str, Any] = {"hardware.threads": self.threads} if self.threads else {}
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
            | given
        )


@dataclass(frozen=True)
class Outcome:
    path: str
    """Which computed it."""
    estimated: Estimate
    measured_gb: float
    under_limit: str = ""
    """How it went with only so much memory."""

    @property
    def error(self) -> float:
        """Of what was measured; above 0 where the estimate is too high."""
        return self.estimated.gb / self.measured_gb - 1

    def __str__(self) -> str:
        libraries_gb = self.estimated.terms["libraries"] / 1e9
        return (
            f"{self.path:<9} {self.estimated.gb:6.3f} GB planned ({libraries_gb:.2f} libraries) "
            f"{self.measured_gb:6.3f} GB taken {100 * self.error:+6.1f} %  {self.under_limit}"
        )


def main() -> int:
    options = _read_options()
    for path in ("fast", "standard"):
        print(f"{path} path: {_imports_gb(path):.3f} GB after its imports")
    cases = [
        Case(shape, method, *size, options.threads)
        for shape, method, size in product(options.shapes, options.methods, SIZES)
    ]
    outcomes = list(_measure_all(cases, with_limit=options.limit))
    broken = _judge([outcome.error for outcome in outcomes])
    broken += [outcome.under_limit for outcome in outcomes if outcome.under_limit.startswith("failed")]
    for sentence in broken:
        print(f"broken: {sentence}")
    return 1 if broken or not outcomes else 0


def _read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shapes", nargs="*", choices=SHAPES, default=SHAPES, help="models (default: all)")
    parser.add_argument("--methods", nargs="*", choices=METHODS, default=METHODS, help="methods (default: all)")
    parser.add_argument("--threads", type=int, help="threads of each run (default: all cores)")
    parser.add_argument("--limit", action="store_true", help="run each again under a limit of its estimate + 10 %%")
    return parser.parse_args()


def _imports_gb(path: str) -> float:
    """What a worker holds before it reads anything."""
    code = (
        f"import os, workbench.training.worker, workbench.training.{path}\n"
        "from workbench.hardware.anonymous import AnonymousMemory\n"
        "memory = AnonymousMemory(os.getpid())\n"
        "memory.look()\n"
        "print(memory.gb)"
    )
    return float(subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout)


def _judge(errors: list[float]) -> list[str]:
    """Tells how large errors are; returns a sentence for each bound that is broken."""
    if not errors:
        return ["nothing was measured"]
    middle, lowest, highest = statistics.median(map(abs, errors)), min(errors), max(errors)
    print(
        f"{len(errors)} configurations: median error {100 * middle:.1f} %, "
        f"from {100 * lowest:+.1f} % to {100 * highest:+.1f} %"
    )
    bounds = {
        f"the median error is above {100 * MEDIAN:.0f} %": middle > MEDIAN,
        f"one is more than {-100 * TOO_LOW:.0f} % too low": lowest < TOO_LOW,
        f"one is more than {100 * TOO_HIGH:.0f} % too high": highest > TOO_HIGH,
    }
    return [sentence for sentence, is_broken in bounds.items() if is_broken]


def _measure_all(cases: list[Case], *, with_limit: bool) -> Iterator[Outcome]:
    data = long_rows(DATA)
    for case in cases:
        try:
            outcome = measure(case, data, with_limit=with_limit)
        except WorkbenchError as error:
            print(f"{case!s:<48} not run: {error.message}", flush=True)
            continue
        print(f"{case!s:<48} {outcome}", flush=True)
        yield outcome


def measure(case: Case, data: Path, *, with_limit: bool = False) -> Outcome:
    """Raises WorkbenchError for one that cannot be planned, or whose run fails without a limit."""
    planned = plan.make(build(case.settings(data)), ROOT)
    estimated = estimate(planned.config, planned.facts, case.micro_batch, planned.counted.longest_tokens)
    peak_gb = _train(planned, None)
    under_limit = _train_limited(planned, estimated) if with_limit else ""
    return Outcome(planned.config.hardware.engine, estimated, peak_gb, under_limit)


def _train_limited(planned: plan.Plan, estimated: Estimate) -> str:
    if judge(estimated.gb, free_memory_bytes() / 1e9) == "will not fit":
        return "skipped: it does not fit"
    try:
        with limited_group(int(ROOM * 1e9 * estimated.gb)) as group:
            _train(planned, group)
    except NoGroupError as error:
        return f"skipped: {error}"
    except WorkbenchError as error:
        return f"failed under its limit: {error.message}"
    return "ran through"


def _train(planned: plan.Plan, group: LimitedGroup | None) -> float:
    """The most GB that its worker held. Raises WorkbenchError unless it finishes."""
    run = launch.start(planned, "estimate")
    peak_gb = _watch(run, group)
    if (status := run.status()).phase != "finished":
        raise WorkbenchError(f"The run ended as {status.phase}: {status.message}", status.hint)
    return peak_gb


def _watch(run: RunDir, group: LimitedGroup | None) -> float:
    """Look at the worker until its end; it has only just begun when it is put into the group."""
    memory: AnonymousMemory | None = None
    while run.status().phase not in ENDED:
        worker = run.processes().get("worker")
        if worker and memory is None:
            memory = AnonymousMemory(worker.pid)
            if group:
                group.add(worker.pid)
        if memory:
            memory.look()
        time.sleep(SAMPLE_SECONDS)
    run.wait_for_processes(_ENDING_SECONDS)
    return memory.peak_gb if memory else 0.0


if __name__ == "__main__":
    sys.exit(main())
