"""What the standard path gains from its loss and from the memory it is given:  python -m benchmarks.standard_path

Pairs of runs, a step of each in turn: once as runs are started, once without one of these. `--allocator FILE` stands
for a tcmalloc that is not installed.
"""

import argparse
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.shapes import DATA, SHAPES, model_folder
from benchmarks.stepping import Program, Subject, own, print_header, print_row, started, step_in_turn

_STANDARD = {"hardware.engine": "standard"}
_MEMORY = ("GLIBC_TUNABLES", "LD_PRELOAD")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA, help="a file with examples")
    parser.add_argument("--shape", choices=SHAPES, default="smol", help="the model (default: smol)")
    parser.add_argument("--rounds", type=int, default=12, help="pairs of steps (default: 12)")
    parser.add_argument("--allocator", type=Path, help="a library to preload")
    options = parser.parse_args()
    subject = Subject(model_folder(options.shape, options.data), options.data)
    plain = own("standard path", subject, _STANDARD)
    ours = replace(plain, environment={**plain.environment, **_preloading(options.allocator)})
    print_header()
    compare(ours, all_logits(ours, subject), options.rounds)
    compare(ours, usual_memory(ours), options.rounds)


def compare(ours: Program, other: Program, rounds: int) -> None:
    with started([ours, other]) as sides:
        step_in_turn(sides, rounds)
        print_row(*sides)


def all_logits(program: Program, subject: Subject) -> Program:
    settings: dict[str, Any] = subject.settings | _STANDARD
    command = [*program.command[:2], "benchmarks.sides.all_logits", json.dumps(settings)]
    return replace(program, name="logits of every token", command=command)


def usual_memory(program: Program) -> Program:
    environment = {name: value for name, value in program.environment.items() if name not in _MEMORY}
    return replace(program, name="memory as the system gives it", environment=environment)


def _preloading(allocator: Path | None) -> dict[str, str]:
    return {"LD_PRELOAD": str(allocator)} if allocator else {}


if __name__ == "__main__":
    main()
