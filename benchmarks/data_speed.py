"""How fast a large file becomes tokens, against the tokenizer library alone:  python -m benchmarks.data_speed

Makes a file of seeded examples of about 1 KB each, then times, in one run: reading, checking, writing out, encoding
and counting all of it through the processes that the page uses; the same once more, when everything is known; and the
library's own `encode_batch` on the texts that were written out. A gigabyte:  --rows 1000000
"""

import argparse
import json
import multiprocessing
import random
import re
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

import numpy as np

from workbench.config.data import DataSettings
from workbench.data.examples import Example
from workbench.data.preparing.prepare import Preparation
from workbench.data.preparing.steps import Waiting
from workbench.data.rendering.fit import FitSettings, fit
from workbench.jobs.files import read_json

PRESETS = Path(__file__).resolve().parents[1] / "presets"
MODEL, SAMPLES = PRESETS / "model", PRESETS / "data"
POLL_SECONDS = 0.1
BATCH_ROWS = 1000
MAX_LENGTH = 512
OPENINGS = ("Tell me about", "What do you know of", "Write a short story with", "Explain to a child", "Who has seen")


@dataclass
class Pass:
    """One time that the data was asked for; peaks are those of the process of each step, and of the one that asks."""

    seconds: float
    rows: int
    tokens: int
    peak_mb: dict[str, float] = field(default_factory=dict)
    step_seconds: dict[str, float] = field(default_factory=dict)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=20_000, help="examples in the file (default: 20,000)")
    rows = parser.parse_args().rows
    with tempfile.TemporaryDirectory() as folder:
        file, root = Path(folder) / "data.jsonl", Path(folder) / "workspace"
        root.mkdir()
        write_file(file, rows)
        first, second = (in_new_process(file, root) for _ in range(2))
        print_result(file.stat().st_size / 1e6, first, second, encode_alone(file, root))


def write_file(file: Path, rows: int) -> None:
    """Questions and answers in words of the samples, as frequent as there, with numbers among them."""
    samples = "".join(path.read_text(encoding="utf-8") for path in sorted(SAMPLES.iterdir()))
    words = re.findall(r"[A-Za-z']+", samples)
    chance = random.Random(0)
    sentences = [f"{' '.join(chance.choices(words, k=11))} {number}.".capitalize() for number in range(50_000)]
    with file.open("w", encoding="utf-8") as stream:
        for number in range(rows):
            question = f"{chance.choice(OPENINGS)} {chance.choice(sentences)} ({number})"
            answer = "\n".join(" ".join(chance.choices(sentences, k=5)) for _ in range(3))
            stream.write(json.dumps({"question": question, "answer": answer}) + "\n")


def in_new_process(file: Path, root: Path) -> Pass:
    """Ask from a process that remembers nothing, such as a page that was started again."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as process:
        return process.submit(prepare_and_count, file, root).result()


def prepare_and_count(file: Path, root: Path) -> Pass:
    peak_mb: dict[str, float] = {}

    def watch(_waiting: Waiting) -> None:
        for record in root.glob("cache/*/*/process.json"):
            worker, step = read_json(record).get("worker"), record.parts[-3]
            peak_mb[step] = max(peak_mb.get(step, 0.0), peak_rss_mb(worker["pid"]) if worker else 0.0)

    begun = time.perf_counter()
    preparation = Preparation(DataSettings(path=str(file)), root)
    while isinstance(waiting := preparation.examples(POLL_SECONDS), Waiting):
        watch(waiting)
    reading_seconds = time.perf_counter() - begun
    prepared = preparation.wait(MODEL, watch)
    tokenising_seconds = time.perf_counter() - begun - reading_seconds
    rows = fit(prepared.tokens.tokens, np.arange(len(prepared.examples.examples)), FitSettings(MAX_LENGTH))
    seconds = time.perf_counter() - begun
    peak_mb["asking"] = peak_rss_mb("self")
    steps = {"examples": reading_seconds, "tokens": tokenising_seconds}
    steps["counting"] = seconds - sum(steps.values())
    return Pass(seconds, len(rows), int(prepared.tokens.tokens.lengths.sum()), peak_mb, steps)


def peak_rss_mb(process: int | str) -> float:
    """The most memory that a process ever had, files that it has mapped included; 0 if it is gone."""
    try:
        lines = Path(f"/proc/{process}/status").read_text(encoding="utf-8").splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1e3 for line in lines if line.startswith("VmHWM")), 0.0)


def encode_alone(file: Path, root: Path) -> float:
    """Seconds of the tokenizer library for the texts as the template writes them."""
    from workbench.data.rendering.writing import ConversationWriter
    from workbench.models.load import load_tokenizer

    tokenizer = load_tokenizer(MODEL)
    writer = ConversationWriter(tokenizer)
    seconds = 0.0
    prepared = Preparation(DataSettings(path=str(file)), root).wait(MODEL)
    for batch in batches(iter(prepared.examples.examples)):
        texts = [row.text for example in batch for row in writer.write(example.messages)]
        begun = time.perf_counter()
        tokenizer.backend_tokenizer.encode_batch(texts, add_special_tokens=False)
        seconds += time.perf_counter() - begun
    return seconds


def batches(examples: Iterator[Example]) -> Iterator[list[Example]]:
    while batch := list(islice(examples, BATCH_ROWS)):
        yield batch


def print_result(size_mb: float, first: Pass, second: Pass, alone_seconds: float) -> None:
    print(f"file           {size_mb:8.0f} MB  {first.rows:,} rows, {first.tokens:,} tokens")
    print(f"whole way      {first.seconds:8.1f} s   {size_mb / first.seconds:.1f} MB/s")
    for step, seconds in first.step_seconds.items():
        print(f"  {step:12} {seconds:8.1f} s   peak {first.peak_mb.get(step, first.peak_mb['asking']):.0f} MB")
    print(f"encode_batch   {alone_seconds:8.1f} s   {size_mb / alone_seconds:.1f} MB/s")
    print(f"ratio          {alone_seconds / first.seconds:8.2f}     of the library's own speed")
    print(f"second time    {second.seconds:8.1f} s   peak of the process that asks {second.peak_mb['asking']:.0f} MB")


if __name__ == "__main__":
    main()
