"""How the memory of training grows: with tokens, and not with the vocabulary:  python -m benchmarks.memory

The most that a process ever held after a few updates, for examples that all have one length, and for a model that
differs in nothing but its vocabulary. What the peers take is measured by `peers`, beside their speed.
"""

import argparse
from itertools import pairwise
from pathlib import Path

from benchmarks.made_data import long_rows
from benchmarks.own_run import BATCH
from benchmarks.shapes import DATA, SHAPES, model_folder
from benchmarks.stepping import Subject, own, started

_UPDATES = 3


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA, help="a file with examples")
    parser.add_argument("--lengths", type=int, nargs="*", default=[128, 256, 512, 1024], help="tokens of an example")
    options = parser.parse_args()
    data = long_rows(options.data)
    small, large = (Subject(model_folder(name, options.data), data) for name in ("smol", "smol-152k"))
    peaks = [peak_mb(small, length) for length in options.lengths]
    for length, peak in zip(options.lengths, peaks, strict=True):
        print(f"{BATCH * length:6} tokens an update {peak:6.0f} MB")
    pairs = list(zip(options.lengths, peaks, strict=True))
    for (length, peak), (longer, higher) in pairwise(pairs):
        kilobytes = 1000 * (higher - peak) / (BATCH * (longer - length))
        print(f"  from {BATCH * length} to {BATCH * longer}: {kilobytes:.0f} KB a token")
    print_vocabulary(small, large, options.lengths)


def print_vocabulary(small: Subject, large: Subject, lengths: list[int]) -> None:
    """What the larger vocabulary adds at the shortest and the longest examples: if the same, its weights alone."""
    for length in (lengths[0], lengths[-1]):
        more = peak_mb(large, length) - peak_mb(small, length)
        print(f"a vocabulary of 152,000 instead of 49,000 at {BATCH * length} tokens: {more:.0f} MB more")
    vocabularies = (SHAPES[subject.model.name]["vocab_size"] for subject in (large, small))
    weights = 2 * SHAPES["smol"]["hidden_size"] * (next(vocabularies) - next(vocabularies)) / 2**20
    print(f"  its weights are {weights:.0f} MB more")


def peak_mb(subject: Subject, length: int) -> float:
    settings = {"data.max_length": length, "data.over_long": "cut_end"}
    with started([own("workbench", subject, settings)]) as (side,):
        for _ in range(_UPDATES):
            side.step()
        return side.peak_mb()


if __name__ == "__main__":
    main()
