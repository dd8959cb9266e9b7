"""What several answers at once take, in times of one:  python -m benchmarks.answers

The first is the base's, each other that of an adapter of its own. In one process, one answer and several of them are
written in turn, so that a busy moment of the machine hits both; the time is that of all their tokens, once the prompts
are read.
"""

import argparse
import statistics
import time

import torch

from benchmarks.decode import NF4, PROMPT, RANK, draw_adapters, fast_model
from benchmarks.shapes import SHAPES, model_folder
from benchmarks.venvs import PROJECT
from workbench.engine.adapters import Adapters
from workbench.engine.reading import ReadingModel

COUNTS = (1, 2, 4, 7)
STARTER = "starter"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    names = [STARTER, *SHAPES]
    parser.add_argument("--shapes", nargs="*", choices=names, default=names[:3], help="models (default: three)")
    parser.add_argument("--rounds", type=int, default=10, help="answers of each number (default: 10)")
    parser.add_argument("--tokens", type=int, default=32, help="of an answer (default: 32)")
    options = parser.parse_args()
    print(f"{torch.get_num_threads()} threads; times of one answer, by medians of pairs and by the best of each")
    for shape in options.shapes:
        folder = PROJECT / "presets" / "model" if shape == STARTER else model_folder(shape)
        for form, quantization in (("bf16", None), ("NF4", NF4)):
            model = fast_model(folder, quantization)
            readers = [None, *(draw_adapters(model, RANK) for _ in range(max(COUNTS) - 1))]
            print(f"{shape}, {form}: {compare(model, readers, options)}", flush=True)


def compare(model: ReadingModel, readers: list[Adapters | None], options: argparse.Namespace) -> str:
    rounds = [[seconds(model, readers[:some], options.tokens) for some in COUNTS] for _ in range(options.rounds)]
    best = [min(column) for column in zip(*rounds, strict=True)]
    said = [f"{options.tokens / best[0]:.0f} tokens/s alone"]
    for place, some in enumerate(COUNTS[1:], 1):
        times = statistics.median(row[place] / row[0] for row in rounds)
        said.append(f"{some} at once {times:.2f} ({best[place] / best[0]:.2f})")
    return ", ".join(said)


def seconds(model: ReadingModel, readers: list[Adapters | None], tokens: int) -> float:
    """Of one answer each, greedily."""
    texts = [model.open(adapters) for adapters in readers]
    ids = [list(PROMPT) for _ in texts]
    logits = [text.read(prompt) for text, prompt in zip(texts, ids, strict=True)]
    start = time.perf_counter()
    for _ in range(tokens):
        for written, row in zip(ids, logits, strict=True):
            written.append(int(row.argmax()))
        logits = model.read_together(texts, ids)
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
