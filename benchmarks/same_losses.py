"""Whether the fast path learns the same as the standard one, update by update:  python -m benchmarks.same_losses

All learn the same batches from the same beginning. What counts is the distance (root mean square over the updates) to
the losses of the standard path in fp32: that of the fast path in bf16, in terms of that of the standard path in bf16.
"""

import argparse
import math
from pathlib import Path

from benchmarks.shapes import DATA, SHAPES, model_folder
from benchmarks.stepping import Subject, own, started
from workbench.models.catalog import STARTER, STARTER_FOLDER

_LIMIT = 1.5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA, help="a file with examples")
    parser.add_argument(
        "--models", nargs="*", choices=(STARTER, *SHAPES), default=[STARTER, "smol"], help="which models"
    )
    parser.add_argument("--updates", type=int, default=30, help="how many are compared (default: 30)")
    options = parser.parse_args()
    for name in options.models:
        folder = STARTER_FOLDER if name == STARTER else model_folder(name, options.data)
        compare(name, Subject(folder, options.data), options.updates)


def compare(name: str, subject: Subject, updates: int) -> None:
    exact = losses(subject, "standard", "fp32", updates)
    standard, fast = (distance(losses(subject, engine, "bf16", updates), exact) for engine in ("standard", "fast"))
    print(f"{name}: fp32 learns from {exact[0]:.4f} to {exact[-1]:.4f} in {updates} updates")
    print(f"  distance in bf16: standard {standard:.5f}, fast {fast:.5f}, {fast / standard:.2f} times (limit {_LIMIT})")


def losses(subject: Subject, engine: str, precision: str, updates: int) -> list[float]:
    settings = {"hardware.engine": engine, "model.precision": precision, "training.learning_rate": 2e-3}
    # One at a time: nothing is timed, and all together would not fit into the memory of a small machine.
    with started([own(f"{engine} {precision}", subject, settings)]) as (side,):
        return [side.step().loss for _ in range(updates)]


def distance(some: list[float], exact: list[float]) -> float:
    return math.sqrt(sum((one - other) ** 2 for one, other in zip(some, exact, strict=True)) / len(exact))


if __name__ == "__main__":
    main()
