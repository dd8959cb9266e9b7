"""What padding costs: updates padded, grouped and packed, in turn:  python -m benchmarks.batching [--data FILE]

Without a file, rows are as long as those of a usual set of questions and answers. Ratios are to padded, in one run.
"""

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from peft import LoraConfig, PeftModel, get_peft_model
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedModel

from workbench.config.data import DataSettings
from workbench.data.preparing.prepare import Preparation
from workbench.data.rendering.fit import FitSettings, fit
from workbench.data.rendering.rows import IGNORED, Row
from workbench.hardware.devices import machine
from workbench.methods.regimen import Regimen
from workbench.models.load import DTYPES, load_model
from workbench.models.precision import choose_precision
from workbench.training.apart import keep_apart
from workbench.training.batches import Packed, Padded
from workbench.training.noise import Noise
from workbench.training.order import DataOrder, GroupedOrder
from workbench.training.stepper import StandardStepper

Array = np.ndarray[Any, Any]

STARTER = Path(__file__).resolve().parents[1] / "presets" / "model"
LONGEST_TOKENS = 512
MEDIAN_TOKENS, SPREAD = 155, 0.8
"""Of instruction data, whose lengths are about log-normal."""


@dataclass(frozen=True)
class Way:
    """One way of computing updates, and what it took: tokens and seconds of each."""

    name: str
    order: DataOrder
    stepper: StandardStepper
    tokens: list[int] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def update(self, rows: Sequence[Row], number: int) -> None:
        started = time.perf_counter()
        result = self.stepper.accumulate([rows[index] for index in self.order.batch(number)])
        self.seconds.append(time.perf_counter() - started)
        self.tokens.append(result.tokens)

    def rates(self) -> list[float]:
        """Tokens a second of each update."""
        return [tokens / seconds for tokens, seconds in zip(self.tokens, self.seconds, strict=True)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", help="a file with examples")
    parser.add_argument("--rounds", type=int, default=15, help="updates of each kind (default: 15)")
    parser.add_argument("--batch", type=int, default=8, help="examples per update (default: 8)")
    parser.add_argument("--micro", type=int, default=4, help="examples computed at once (default: 4)")
    arguments = parser.parse_args()
    torch.set_num_threads(2)
    rows = read_rows(arguments.data) if arguments.data else make_rows()
    lengths = np.array([len(row.input_ids) for row in rows])
    print(f"{len(rows)} rows, {np.mean(lengths):.0f} tokens on average, median {np.median(lengths):.0f}")
    print(f"{arguments.batch} examples an update, {arguments.micro} computed at once, {arguments.rounds} updates")
    for name, model in (("starter", load_model(STARTER, "fp32", "cpu")), ("random Llama", make_llama())):
        precision, _ = choose_precision("auto", False, machine().cpu_flags, model.num_parameters())
        model.to(dtype=DTYPES[precision])
        ways = make_ways(adapt(model), precision, lengths, arguments)
        measure(ways, rows, arguments.rounds)
        print(f"\n{name}, {model.num_parameters() / 1e6:.0f} M parameters, {precision}")
        print_result(ways)


def read_rows(path: str) -> list[Row]:
    with tempfile.TemporaryDirectory() as root:
        prepared = Preparation(DataSettings(path=path), Path(root)).wait(STARTER)
        tokens = prepared.tokens.tokens
        fitted = fit(tokens, np.unique(tokens.examples), FitSettings(LONGEST_TOKENS))
        return list(fitted)


def make_rows() -> list[Row]:
    """1,000 rows of random tokens; the first sixth of each is the question."""
    chance = random.Random(0)
    lengths = [round(MEDIAN_TOKENS * np.exp(SPREAD * chance.gauss(0, 1))) for _ in range(1000)]
    texts = [chance.choices(range(3, 3000), k=min(LONGEST_TOKENS, max(16, length))) for length in lengths]
    return [Row(ids, [IGNORED] * (len(ids) // 6) + ids[len(ids) // 6 :], place) for place, ids in enumerate(texts)]


def make_llama() -> PreTrainedModel:
    config = LlamaConfig(
        hidden_size=768,
        intermediate_size=2048,
        num_hidden_layers=12,
        num_attention_heads=12,
        vocab_size=16_384,
        tie_word_embeddings=True,
    )
    return LlamaForCausalLM(config)


def adapt(model: PreTrainedModel) -> PeftModel:
    settings = LoraConfig(r=8, target_modules="all-linear", task_type="CAUSAL_LM")
    adapted = get_peft_model(model, settings)
    keep_apart(adapted)
    return adapted.train()


def make_ways(model: PeftModel, precision: str, lengths: Array, arguments: argparse.Namespace) -> list[Way]:
    shuffled = DataOrder(len(lengths), arguments.batch, seed=0)
    grouped = GroupedOrder(lengths, arguments.batch, seed=0)
    quiet = Noise(model, 0.0)
    padded = StandardStepper(model, Padded(arguments.micro, 0, "cpu"), precision, Regimen(), quiet)
    packed = StandardStepper(model, Packed(arguments.micro, "cpu"), precision, Regimen(), quiet)
    return [Way("padded", shuffled, padded), Way("grouped", grouped, padded), Way("packed", shuffled, packed)]


def measure(ways: list[Way], rows: Sequence[Row], rounds: int) -> None:
    """In turn, so that a busy moment of the machine hits all; the first round warms up."""
    for number in range(rounds + 1):
        for way in ways:
            way.update(rows, number)


def print_result(ways: list[Way]) -> None:
    base = ways[0].rates()[1:]
    for way in ways:
        rates = way.rates()[1:]
        ratio = statistics.median(own / padded for own, padded in zip(rates, base, strict=True))
        total = sum(way.tokens[1:]) / sum(way.seconds[1:])
        each = statistics.fmean(way.seconds[1:])
        print(f"{way.name:8} {total:7.0f} tokens/s  {each:7.3f} s an update  {ratio:5.2f} times padded (median)")


if __name__ == "__main__":
    main()
