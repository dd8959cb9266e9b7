"""Whether speed holds as rows, rank and length grow:  python -m benchmarks.scaling

Rows: runs of the workbench on more and more examples, an update of each in turn. Rank and length: against the Trainer
of transformers with PEFT in bf16, a step of each in turn.
"""

import argparse
from pathlib import Path
from typing import Any

from benchmarks.made_data import long_rows, many_rows
from benchmarks.shapes import DATA, SHAPES, model_folder
from benchmarks.stepping import Subject, own, print_header, print_row, ratio, started, step_in_turn, trainer


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA, help="a file with examples")
    parser.add_argument("--shape", choices=SHAPES, default="smol", help="the model (default: smol)")
    parser.add_argument("--rows", type=int, nargs="*", default=[100, 10_000, 100_000], help="examples of a run")
    parser.add_argument("--ranks", type=int, nargs="*", default=[4, 16, 64], help="ranks of the adapter")
    parser.add_argument("--lengths", type=int, nargs="*", default=[64, 256, 1024, 2048], help="tokens of an example")
    parser.add_argument("--rounds", type=int, default=4, help="pairs of steps (default: 4)")
    options = parser.parse_args()
    model = model_folder(options.shape, options.data)
    if options.rows:
        compare_rows([Subject(model, many_rows(options.data, rows)) for rows in options.rows], options)
    print_header()
    for rank in options.ranks:
        adapter = {"method.rank": rank, "method.alpha": 2 * rank}
        compare(f"rank {rank}", Subject(model, options.data), adapter, options.rounds)
    for length in options.lengths:
        cut = {"data.max_length": length, "data.over_long": "cut_end"}
        compare(f"{length} tokens", Subject(model, long_rows(options.data)), cut, options.rounds)


def compare_rows(subjects: list[Subject], options: argparse.Namespace) -> None:
    programs = [own(f"{rows} rows", subject) for rows, subject in zip(options.rows, subjects, strict=True)]
    with started(programs) as sides:
        # Batches differ from run to run, and so do the lengths of their examples.
        step_in_turn(sides, 4 * options.rounds)
        for side in sides:
            print(f"{side.name:>12} {side.rate():6.0f} tokens/s, {ratio(side, sides[0]):.2f} of the first")


def compare(what: str, subject: Subject, settings: dict[str, Any], rounds: int) -> None:
    rank = settings.get("method.rank", 8)
    other = trainer(what, subject, rank=rank, rows=str(subject.rows_file(**settings)))
    with started([own("workbench", subject, settings), other]) as sides:
        step_in_turn(sides, rounds, warm_up=1)
        print_row(*sides)


if __name__ == "__main__":
    main()
