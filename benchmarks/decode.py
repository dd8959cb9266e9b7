"""How fast answers are written at batch 1, ours beside transformers' and bitsandbytes':  python -m benchmarks.decode

In one process, the sides of a pair write a short answer each in turn, so that a busy moment of the machine hits both.
An answer's time is that of all its tokens and of reading its prompt.
"""

import argparse
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

from benchmarks.shapes import SHAPES, model_folder
from benchmarks.venvs import BUILD
from workbench.config.sampling import Sampling
from workbench.engine.adapters import Adapters, LoraPlan
from workbench.engine.choice import choose_kernels
from workbench.engine.quantizing import Quantizer
from workbench.engine.reading import ReadingModel
from workbench.engine.shape import FUSED
from workbench.engine.shape_reading import read_shape
from workbench.engine.weight_reading import read_weights
from workbench.models.decode import Decoding
from workbench.models.load import load_model
from workbench.models.quantization import Quantization

PROMPT = list(range(100, 132))
RANK = 8
NF4 = Quantization("nf4")
ROLES = [role for roles in FUSED.values() for role in roles]

Answer = Callable[[int], None]
"""Writes an answer of so many tokens."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shapes", nargs="*", choices=SHAPES, default=["smol"], help="models (default: smol)")
    parser.add_argument("--rounds", type=int, default=5, help="answers of each side (default: 5)")
    parser.add_argument("--tokens", type=int, default=32, help="of an answer (default: 32)")
    options = parser.parse_args()
    print(f"{torch.get_num_threads()} threads; tokens/s are medians, times faster is the median of the pairs'")
    for shape in options.shapes:
        folder = model_folder(shape)
        compare(f"{shape}, bf16", ours(folder), theirs(folder), options)
        compare(f"{shape}, bf16 with LoRA", ours(folder, rank=RANK), theirs(folder, rank=RANK), options)
        compare(f"{shape}, NF4", ours(folder, NF4), theirs(folder, NF4), options)


def compare(name: str, our: Answer, their: Answer, options: argparse.Namespace) -> None:
    for side in (our, their):
        side(2)
    pairs = [[options.tokens / seconds(side, options.tokens) for side in (our, their)] for _ in range(options.rounds)]
    our_rate, their_rate = (statistics.median(rates) for rates in zip(*pairs, strict=True))
    times = statistics.median(one / other for one, other in pairs)
    print(f"{name:<24} {our_rate:8.1f} tokens/s, theirs {their_rate:8.1f}: {times:.2f} times faster", flush=True)


def seconds(side: Answer, tokens: int) -> float:
    start = time.perf_counter()
    side(tokens)
    return time.perf_counter() - start


def ours(folder: Path, quantization: Quantization | None = None, rank: int = 0) -> Answer:
    """The fast path, with or without an adapter beside all linear maps."""
    model = fast_model(folder, quantization)
    adapters = draw_adapters(model, rank) if rank else None

    def answer(tokens: int) -> None:
        written = list(Decoding(model.open(adapters), PROMPT, Sampling(max_new_tokens=tokens), frozenset()))
        assert len(written) == tokens

    return answer


def fast_model(folder: Path, quantization: Quantization | None = None) -> ReadingModel:
    kernels = choose_kernels(BUILD / "kernels")
    quantizer = Quantizer(quantization, kernels.products) if quantization else None
    return ReadingModel(read_weights(folder, read_shape(folder), torch.bfloat16, quantizer), kernels)


def draw_adapters(model: ReadingModel, rank: int) -> Adapters:
    """Random ones beside all linear maps."""
    shape = model.weights.shape
    modules = [f"model.layers.{layer}.{role}" for layer in range(len(shape.layers)) for role in ROLES]
    adapters = Adapters(LoraPlan(dict.fromkeys(modules, rank), dict.fromkeys(modules, 2.0)), shape)
    with torch.no_grad():
        for parameter in adapters.parameters.values():
            parameter.normal_(std=0.01)
    return adapters


def theirs(folder: Path, quantization: Quantization | None = None, rank: int = 0) -> Answer:
    """`generate`, greedily, with a key-value cache, the adapter by PEFT, and the weights by bitsandbytes."""
    model: Any = load_model(folder, "bf16", "cpu", quantization or Quantization())
    if rank:
        from peft import LoraConfig, get_peft_model

        ends = [role.rpartition(".")[2] for role in ROLES]
        model = get_peft_model(model, LoraConfig(r=rank, target_modules=ends, task_type="CAUSAL_LM")).eval()
    ids = torch.tensor([PROMPT])
    greedily = {"do_sample": False, "eos_token_id": None, "pad_token_id": 0}

    def answer(tokens: int) -> None:
        with torch.inference_mode():
            model.generate(input_ids=ids, attention_mask=torch.ones_like(ids), max_new_tokens=tokens, **greedily)

    return answer


if __name__ == "__main__":
    main()
