"""Whether the plan's time is right, beside what runs then take:  python -m benchmarks.durations

The machine is measured first, as the page has it done; then each configuration is planned by these rates alone, and
trained for some updates, as `workbench train` does. What others compute meanwhile slows down both: on a machine that is
not quiet, run it under `chrt -r 50`, and let it measure anew before each run (`--anew`).
"""

import argparse
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from benchmarks.made_data import long_rows
from benchmarks.own_run import ROOT
from benchmarks.shapes import DATA, model_folder
from workbench.config.build import build
from workbench.errors import WorkbenchError
from workbench.memory.rates import read
from workbench.runs.metrics import Metrics
from workbench.runs.run_dir import RunDir
from workbench.training import launch, plan
from workbench.training.calibration.job import calibrate, is_measured
from workbench.training.course import Course, Subject, make_course

Settings = dict[str, Any]

COMMON: Settings = {
    "data.over_long": "cut_end",
    "evaluation.watched_prompts": 0,
    "data.eval_share": 0.0,
    "hardware.priority": "normal",
    "training.save_every": 1_000_000,
    "training.eval_every": 1_000_000,
}
STANDARD: Settings = {"hardware.engine": "standard"}
FULL: Settings = {"method.name": "full"}
NF4: Settings = {"model.quantization": "nf4"}
CHECKPOINTING: Settings = {"training.gradient_checkpointing": True}


@dataclass(frozen=True)
class Case:
    name: str
    shape: str
    steps: int
    settings: Settings
    batch: int = 4
    length: int = 512
    long: bool = False
    """Whether all examples are of that length."""

    def all_settings(self) -> Settings:
        model = {"model.path": str(model_folder(self.shape))} if self.shape else {}
        size = {"training.batch_size": self.batch, "data.max_length": self.length}
        data = {"data.path": str(long_rows(DATA) if self.long else DATA), "training.max_steps": self.steps}
        return COMMON | {"training.epochs": 100} | model | size | data | self.settings


CASES = (
    Case("LoRA", "mini", 40, {}),
    Case("LoRA, long rows", "mini", 20, {}, batch=8, length=1024, long=True),
    Case("LoRA, standard path", "mini", 20, STANDARD),
    Case("full", "mini", 20, FULL),
    Case("LoRA", "smol", 15, {}),
    Case("LoRA, fp32", "smol", 10, {"model.precision": "fp32"}),
    Case("LoRA, one row at a time", "smol", 12, {"training.micro_batch_size": 1}),
    Case("LoRA, long rows", "smol", 8, {}, length=1024, long=True),
    Case("NF4", "smol", 12, NF4),
    Case("int8", "smol", 12, {"model.quantization": "int8"}),
    Case("LoRA of rank 64", "smol", 12, {"method.rank": 64}),
    Case("LoRA, standard path", "smol", 8, STANDARD),
    Case("LoRA, standard path, checkpointing", "smol", 6, STANDARD | CHECKPOINTING),
    Case("full", "smol", 6, FULL),
    Case("LoRA", "qwen", 8, {}, batch=2),
    Case("LoRA, with checks and answers", "smol", 15, {"evaluation.watched_prompts": 2, "data.eval_share": 0.02}),
)


@dataclass(frozen=True)
class Outcome:
    planned: Course
    taken_seconds: float
    update_seconds: float
    """Of the usual update."""

    @property
    def error(self) -> float:
        """Of the whole run; above 0 where too much was planned."""
        return self.planned.seconds / self.taken_seconds - 1

    @property
    def update_error(self) -> float:
        return self.planned.update / self.update_seconds - 1


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", nargs="*", type=int, default=range(len(CASES)), help="by their numbers")
    parser.add_argument("--anew", action="store_true", help="measure the machine before each run")
    options = parser.parse_args()
    ROOT.mkdir(parents=True, exist_ok=True)
    outcomes = list(_measure_all([CASES[number] for number in options.cases], options.anew))
    whole, updates = ([abs(error) for error in errors] for errors in zip(*map(_errors, outcomes), strict=True))
    print(f"{len(outcomes)} configurations, median error: {statistics.median(whole):.0%} of whole runs, ", end="")
    print(f"{statistics.median(updates):.0%} of updates")


def _errors(outcome: Outcome) -> tuple[float, float]:
    return outcome.error, outcome.update_error


def _measure_all(cases: list[Case], anew: bool) -> Iterator[Outcome]:
    print(f"{'':<40} {'planned':>9} {'taken':>9} {'error':>6}    {'update':>9} {'taken':>9} {'error':>6}")
    for case in cases:
        if anew or not is_measured(ROOT):
            calibrate(ROOT)
        outcome = measure(case)
        yield outcome
        print(
            f"{f'{case.shape}, {case.name}':<40} {outcome.planned.seconds:7.1f} s {outcome.taken_seconds:7.1f} s "
            f"{outcome.error:+6.0%}    {1000 * outcome.planned.update:6.0f} ms {1000 * outcome.update_seconds:6.0f} ms "
            f"{outcome.update_error:+6.0%}",
            flush=True,
        )


def measure(case: Case) -> Outcome:
    planned = plan.make(build(case.all_settings()), ROOT)
    rates = read(ROOT, planned.config.hardware.engine)
    assert rates, "measured before"
    begun = time.monotonic()
    run = launch.start(planned, "duration")
    status = run.wait()
    taken_seconds = time.monotonic() - begun
    if status.phase != "finished":
        raise WorkbenchError(f"The run ended as {status.phase}: {status.message}", status.hint)
    return Outcome(make_course(_subject(planned), rates), taken_seconds, _update_seconds(run))


def _subject(planned: plan.Plan) -> Subject:
    parts = (planned.config, planned.facts, planned.trainable, planned.rows, planned.checked, planned.steps)
    return Subject(*parts)


def _update_seconds(run: RunDir) -> float:
    """The mean without the first two, which warm up, and without the slowest tenth, where others came between."""
    steps = Metrics(run.metrics_path).poll().steps
    tokens = [after["tokens"] - before["tokens"] for before, after in pairwise(steps)]
    seconds = sorted(count / step["tokens_per_second"] for count, step in zip(tokens, steps[1:], strict=True))[1:]
    usual = seconds[: max(1, round(0.9 * len(seconds)))]
    return statistics.mean(usual)


if __name__ == "__main__":
    main()
