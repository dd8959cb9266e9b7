"""How long a worker takes from its start to its first update, on each engine:  python -m benchmarks.first_step

The model has the shape of SmolLM2-135M; data and kernels have been prepared, as in every run but the first. The engines
are started in turn, so that a busy moment of the machine hits both.
"""

import argparse
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks.own_run import OwnRun
from benchmarks.shapes import model_folder
from benchmarks.venvs import PROJECT
from workbench.jobs.environment import worker_environment
from workbench.runs.disk import destroy
from workbench.runs.run_dir import RunDir

_ENGINES = ("fast", "standard")
_POLL_SECONDS = 0.005


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="starts on each engine (default: 3)")
    parser.add_argument("--watched", type=int, default=0, help="answers that are watched (default: none)")
    parser.add_argument("--quantization", default="none", help="how weights are held (default: none)")
    arguments = parser.parse_args()
    settings = {
        "model.path": str(model_folder("smol")),
        "model.quantization": arguments.quantization,
        "training.max_steps": 1,
        "evaluation.watched_prompts": arguments.watched,
        "hardware.priority": "normal",
    }
    seconds: dict[str, list[float]] = {engine: [] for engine in _ENGINES}
    for engine in _ENGINES * arguments.rounds:
        seconds[engine].append(_start(settings | {"hardware.engine": engine}))
        print(f"{engine:9} {seconds[engine][-1]:5.1f} s", flush=True)
    fast, standard = (min(seconds[engine]) for engine in _ENGINES)
    print(f"first update: fast {fast:.2f} s, standard {standard:.2f} s, ratio {standard / fast:.1f}")


def _start(settings: dict[str, Any]) -> float:
    """Seconds to the first update. The run is carried to its end and thrown away."""
    run = OwnRun(settings).run
    begun = time.monotonic()
    command = [sys.executable, "-m", "workbench.training.worker", str(run.path)]
    with (run.path / "log.txt").open("w") as log:
        environment = worker_environment(computes=True)
        worker = subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=log, stderr=log)
    try:
        return _await_update(run, worker) - begun
    finally:
        worker.wait()
        destroy(run.path, run.path.parent)


def _await_update(run: RunDir, worker: "subprocess.Popen[bytes]") -> float:
    while not _has_updated(run.metrics_path):
        if worker.poll():
            raise SystemExit(f"The run failed: {run.stored_status().message}")
        time.sleep(_POLL_SECONDS)
    return time.monotonic()


def _has_updated(metrics: Path) -> bool:
    return metrics.exists() and '"loss"' in metrics.read_text()


if __name__ == "__main__":
    main()
