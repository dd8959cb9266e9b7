"""What share of the processor's own bf16 rate a training step reaches:  python -m benchmarks.roofline

In one process, in turn: matrix products by torch alone, at the model's own shapes and tokens and at 2048³, and one
update. What an update has to compute is counted, per token:

    4 · linear weights + 4 · head weights · share of learned tokens + 6 · adapter weights + 3.5 · attention

Frozen weights are multiplied forward and for the gradient of their input, adapters once more for their own; attention
counts its two products over the tokens before, and five of the seven in the backward pass.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path

from benchmarks.shapes import DATA, SHAPES, model_folder
from benchmarks.stepping import LOGS
from benchmarks.venvs import PROJECT
from workbench.jobs.environment import worker_environment

_WARM_UP = 2


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA, help="a file with examples")
    parser.add_argument("--shapes", nargs="*", choices=SHAPES, default=["smol", "qwen"], help="models (default: both)")
    parser.add_argument("--rounds", type=int, default=15, help="updates of each (default: 15)")
    options = parser.parse_args()
    LOGS.mkdir(parents=True, exist_ok=True)
    for name in options.shapes:
        settings = {
            "model.path": str(model_folder(name, options.data)),
            "data.path": str(options.data),
            "training.max_steps": options.rounds + _WARM_UP,
        }
        measure(name, json.dumps(settings))


def measure(name: str, settings: str) -> None:
    """In a process of its own, in the environment of workers."""
    command = [sys.executable, "-m", "benchmarks.sides.roofline", settings, name]
    with (LOGS / "roofline.txt").open("w", encoding="utf-8") as log:
        subprocess.run(command, cwd=PROJECT, env=worker_environment(computes=True), stderr=log, check=True)


if __name__ == "__main__":
    main()
