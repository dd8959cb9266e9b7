"""QLoRA against our own bf16 and against bitsandbytes, a step of each in turn:  python -m benchmarks.quantized

The same examples and settings as in `peers`; weights are NF4 with double quantisation on both sides, adapters and
gradients as without.
"""

import argparse
from pathlib import Path

from benchmarks.shapes import DATA, SHAPES, model_folder
from benchmarks.stepping import Subject, own, print_header, print_row, started, step_in_turn, trainer


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA, help="a file with examples")
    parser.add_argument("--shapes", nargs="*", choices=SHAPES, default=["smol"], help="models (default: smol)")
    parser.add_argument("--rounds", type=int, default=8, help="pairs of steps (default: 8)")
    options = parser.parse_args()
    for shape in options.shapes:
        subject = Subject(model_folder(shape, options.data), options.data)
        coded = own("workbench, NF4", subject, {"model.quantization": "nf4"})
        others = (own("workbench, bf16", subject), trainer("Trainer + PEFT, bitsandbytes NF4", subject, nf4=True))
        print(f"\n{shape}: ours is NF4")
        print_header()
        for other in others:
            with started([coded, other]) as sides:
                step_in_turn(sides, options.rounds)
                print_row(*sides)


if __name__ == "__main__":
    main()
