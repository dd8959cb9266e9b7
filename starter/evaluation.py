"""How many held-out prompts a model answers acceptably, and how many it would by luck.

Run as:
python -m starter.evaluation --model presets/model
"""

import argparse
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import NamedTuple

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from starter.answers import answer_all
from starter.heldout import HeldOut, build_prompts


class Result(NamedTuple):
    """Shares of acceptable answers: of all, of the late prompts, and of answers shuffled among prompts as a control."""

    acceptable: float
    late: float
    shuffled: float
    by_kind: dict[str, float]
    answers: list[str]


def evaluate(folder: Path) -> Result:
    """Examine the model in `folder` on all held-out prompts."""
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    prompts = build_prompts()
    answers = answer_all(model, tokenizer, [prompt.prompt for prompt in prompts])
    return grade(prompts, answers)


def grade(prompts: Sequence[HeldOut], answers: list[str]) -> Result:
    passed = [prompt.check(answer) for prompt, answer in zip(prompts, answers, strict=True)]
    kinds: dict[str, list[bool]] = defaultdict(list)
    for prompt, good in zip(prompts, passed, strict=True):
        kinds[prompt.kind].append(good)
    return Result(
        acceptable=sum(passed) / len(passed),
        late=sum(good for prompt, good in zip(prompts, passed, strict=True) if prompt.late) / count_late(prompts),
        shuffled=shuffled_share(prompts, answers),
        by_kind={kind: sum(good) / len(good) for kind, good in kinds.items()},
        answers=answers,
    )


def count_late(prompts: Sequence[HeldOut]) -> int:
    return sum(prompt.late for prompt in prompts)


def shuffled_share(prompts: Sequence[HeldOut], answers: Sequence[str], rounds: int = 20) -> float:
    """The same answers given to other prompts at random: what a check lets pass by luck."""
    rng = Random(0)
    mixed = list(answers)
    passed = 0
    for _ in range(rounds):
        rng.shuffle(mixed)
        passed += sum(prompt.check(answer) for prompt, answer in zip(prompts, mixed, strict=True))
    return passed / (rounds * len(prompts))


def main() -> None:
    parser = argparse.ArgumentParser(description="Examine a starter model on held-out prompts.")
    parser.add_argument("--model", type=Path, default=Path("presets/model"))
    parser.add_argument("--show", action="store_true", help="print the prompts that were answered wrongly")
    args = parser.parse_args()
    result = evaluate(args.model)
    for kind, share in result.by_kind.items():
        print(f"{kind:<18} {share:4.0%}")
    print(
        f"acceptable {result.acceptable:.1%} of {len(result.answers)}, late prompts {result.late:.1%},"
        f" shuffled among prompts {result.shuffled:.1%}"
    )
    if args.show:
        for prompt, answer in zip(build_prompts(), result.answers, strict=True):
            if not prompt.check(answer):
                print(f"{prompt.kind}: {prompt.prompt!r} -> {answer!r}")


if __name__ == "__main__":
    main()
