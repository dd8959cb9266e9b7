"""Speed and memory of training against the peers, a step of each in turn:  python -m benchmarks.peers

LoRA of rank 8 on all linear layers, 4 examples an update, answers learned, of random-weight models (see `shapes`).
Speed is tokens that are not padding per second of an update: forward, backward, clipping, AdamW. Ratios are medians of
pairs of steps that lie side by side in time.
"""

import argparse
from collections.abc import Callable, Mapping
from pathlib import Path

from benchmarks.own_run import BATCH
from benchmarks.shapes import DATA, SHAPES, model_folder
from benchmarks.stepping import (
    Program,
    Subject,
    llama_factory,
    own,
    print_header,
    print_row,
    started,
    step_in_turn,
    trainer,
)

PEERS: Mapping[str, Callable[[Subject], Program]] = {
    "trainer-bf16": lambda subject: trainer("Trainer + PEFT, bf16", subject, "bf16"),
    "trainer-fp32": lambda subject: trainer("Trainer + PEFT, fp32", subject, "fp32"),
    "factory": lambda subject: llama_factory("LLaMA-Factory, bf16", subject, packing=False),
    "factory-packed": lambda subject: llama_factory("LLaMA-Factory, bf16, neat packing", subject, packing=True),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA, help="a file with examples")
    parser.add_argument("--shapes", nargs="*", choices=SHAPES, default=["smol"], help="models (default: smol)")
    parser.add_argument("--peers", nargs="*", choices=PEERS, default=list(PEERS), help="whom to measure")
    parser.add_argument("--rounds", type=int, default=8, help="pairs of steps with each peer (default: 8)")
    options = parser.parse_args()
    for shape in options.shapes:
        subject = Subject(model_folder(shape, options.data), options.data)
        print(f"\n{shape}: LoRA of rank 8 on all linear layers, {BATCH} examples an update, answers learned")
        print_header()
        for name in options.peers:
            # One at a time: several would not fit into the memory of a small machine.
            with started([own("workbench", subject), PEERS[name](subject)]) as sides:
                step_in_turn(sides, options.rounds)
                print_row(*sides)


if __name__ == "__main__":
    main()
