"""Answers of a network of transformers, ours beside `generate`, and several at a time:

python -m benchmarks.network_answers

In one process the sides write an answer each in turn, so that a busy moment of the machine hits all. Ratios are medians
of the rounds'. The model is the starter, and one of GPT-2's kind, which the fast path does not take.
"""

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from transformers import AutoTokenizer, GPT2Config, GPT2LMHeadModel

from workbench.chat.network.model import NetworkModel
from workbench.chat.protocol import Question, Target
from workbench.config.sampling import Sampling
from workbench.models.load import load_model

STARTER = Path(__file__).resolve().parents[1] / "presets" / "model"
PROMPT = list(range(100, 132))
LORAS = 3

Side = Callable[[], None]
"""Writes its answers."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=9, help="answers of each side (default: 9)")
    parser.add_argument("--tokens", type=int, default=48, help="of an answer (default: 48)")
    options = parser.parse_args()
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        gpt2 = make_gpt2(Path(folder) / "gpt2")
        for name, model in (("starter", STARTER), ("GPT-2's kind, 14 M", gpt2)):
            adapters = [make_adapter(model, Path(folder) / f"{name} {seed}", seed) for seed in range(LORAS)]
            print(f"{name}, fp32, one thread, {options.tokens} tokens an answer")
            compare(make_sides(model, adapters, options.tokens), options.rounds)


def make_gpt2(folder: Path) -> Path:
    tokenizer = AutoTokenizer.from_pretrained(STARTER)
    torch.manual_seed(0)
    GPT2LMHeadModel(GPT2Config(vocab_size=len(tokenizer), n_embd=384, n_layer=6, n_head=6)).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def make_adapter(model: Path, folder: Path, seed: int) -> Path:
    torch.manual_seed(seed)
    settings = LoraConfig(r=8, target_modules="all-linear", init_lora_weights=False, task_type="CAUSAL_LM")
    get_peft_model(load_model(model, "fp32", "cpu"), settings).save_pretrained(str(folder))
    return folder


def make_sides(model: Path, adapters: list[Path], tokens: int) -> dict[str, Side]:
    base = Target("original")
    tuned = [Target(folder.name, adapter=str(folder)) for folder in adapters]
    network = NetworkModel(Question(str(model), "fp32", (base, *tuned)))
    network.prepare((base, *tuned))
    adapted = PeftModel.from_pretrained(load_model(model, "fp32", "cpu"), adapters[0]).eval()
    return {
        "theirs": theirs(load_model(model, "fp32", "cpu"), tokens),
        "ours": ours(network, [base], tokens),
        "theirs, LoRA": theirs(adapted, tokens),
        "ours, LoRA": ours(network, tuned[:1], tokens),
        "four of one LoRA": ours(network, tuned[:1] * 4, tokens),
        "base and three LoRAs": ours(network, [base, *tuned], tokens),
    }


def theirs(model: Any, tokens: int) -> Side:
    """`generate`, greedily, with a key-value cache."""
    ids = torch.tensor([PROMPT])
    greedily = {"do_sample": False, "eos_token_id": None, "pad_token_id": 0}

    def answer() -> None:
        with torch.inference_mode():
            model.generate(input_ids=ids, attention_mask=torch.ones_like(ids), max_new_tokens=tokens, **greedily)

    return answer


def ours(network: NetworkModel, targets: list[Target], tokens: int) -> Side:
    """Prompts of different lengths, as they are asked; none ends before the others."""

    def answer() -> None:
        sampling = Sampling(max_new_tokens=tokens)
        answers = [network.decode(target, PROMPT[place:], sampling) for place, target in enumerate(targets)]
        for _ in range(tokens):
            for under_way, logits in zip(answers, network.read(answers), strict=True):
                under_way.ids.append(int(logits.argmax()))

    return answer


def compare(sides: dict[str, Side], rounds: int) -> None:
    for side in sides.values():
        side()
    taken = [{name: seconds(side) for name, side in sides.items()} for _ in range(rounds)]
    for name in sides:
        print(f"  {name:<22} {statistics.median(each[name] for each in taken):7.3f} s")

    def ratio(one: str, other: str) -> float:
        return statistics.median(each[one] / each[other] for each in taken)

    print(f"  beside generate: {ratio('theirs', 'ours'):.2f}, with LoRA {ratio('theirs, LoRA', 'ours, LoRA'):.2f}")
    print(f"  four answers of one LoRA: {ratio('four of one LoRA', 'ours, LoRA'):.2f} times one")
    print(f"  base and three LoRAs: {ratio('base and three LoRAs', 'ours, LoRA'):.2f} times one LoRA", flush=True)


def seconds(side: Side) -> float:
    start = time.perf_counter()
    side()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
