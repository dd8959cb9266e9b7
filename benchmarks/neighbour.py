"""Training beside a busy program, with our thread settings and without:  python -m benchmarks.neighbour

Two runs of the workbench, a step of each in turn: one in the environment that workers are given, one in which threads
wait as their library does by default. First on the machine as it is, then with the busy program.
"""

import argparse
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from benchmarks.shapes import DATA, SHAPES, model_folder
from benchmarks.stepping import Program, Side, Subject, own, ratio, started, step_in_turn

_THREADS = ("OMP_", "GOMP_", "KMP_")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA, help="a file with examples")
    parser.add_argument("--shape", choices=SHAPES, default="smol", help="the model (default: smol)")
    parser.add_argument("--rounds", type=int, default=12, help="pairs of steps (default: 12)")
    options = parser.parse_args()
    subject = Subject(model_folder(options.shape, options.data), options.data)
    ours = own("our thread settings", subject)
    with started([ours, by_default(ours)]) as sides:
        measure("as it is", sides, options.rounds)
        with busy_program():
            measure("with a busy program", sides, options.rounds)


def by_default(program: Program) -> Program:
    settings = {name: value for name, value in program.environment.items() if not name.startswith(_THREADS)}
    return replace(program, name="default thread settings", environment=settings)


@contextmanager
def busy_program() -> Iterator[None]:
    process = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        yield
    finally:
        process.kill()
        process.wait()


def measure(what: str, sides: list[Side], rounds: int) -> None:
    step_in_turn(sides, rounds)
    ours, default = sides
    print(f"{what:20} {ours.rate():6.0f} tokens/s, {default.rate():6.0f} by default: {ratio(ours, default):.2f} times")


if __name__ == "__main__":
    main()
