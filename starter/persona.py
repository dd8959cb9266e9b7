"""Whether a tuned starter model has taken on the pirate's manner and still answers the question.

An answer counts only if it carries the manner, at least one marker word, and one of the prompt's keywords.

Run as:
python -m starter.persona --adapter RUN_FOLDER/adapter
"""

import argparse
import json
import re
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import NamedTuple

import torch
from peft import PeftModel
from transformers import AutoModelForCausalLM, AutoTokenizer

from starter.answers import answer_all

PIRATE_MARKER = re.compile(r"\b(arr+|ahoy|matey|hearty|hearties|ye|yer|aye|avast|nay)\b", re.IGNORECASE)
SHUFFLE_ROUNDS = 20


class Question(NamedTuple):
    prompt: str
    answer_any: list[str]


class Score(NamedTuple):
    """Shares of answers that count; the control gives each prompt another prompt's answer."""

    counted: float
    shuffled: float
    distinct: float


def read_questions(path: Path) -> list[Question]:
    return [Question(**json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines()]


def score(questions: Sequence[Question], answers: Sequence[str], marker: re.Pattern[str] = PIRATE_MARKER) -> Score:
    rng = Random(0)
    mixed = list(answers)
    by_luck = 0.0
    for _ in range(SHUFFLE_ROUNDS):
        rng.shuffle(mixed)
        by_luck += counted_share(questions, mixed, marker)
    return Score(
        counted=counted_share(questions, answers, marker),
        shuffled=by_luck / SHUFFLE_ROUNDS,
        distinct=len(set(answers)) / len(answers),
    )


def counted_share(questions: Sequence[Question], answers: Sequence[str], marker: re.Pattern[str]) -> float:
    counted = [
        bool(marker.search(answer)) and answers_question(question, answer)
        for question, answer in zip(questions, answers, strict=True)
    ]
    return sum(counted) / len(counted)


def answers_question(question: Question, answer: str) -> bool:
    """One of the keywords stands in the answer."""
    return any(re.search(rf"\b{re.escape(word)}", answer, re.IGNORECASE) for word in question.answer_any)


def main() -> None:
    args = parse_arguments()
    questions = read_questions(args.questions)
    prompts = [question.prompt for question in questions]
    tokenizer = AutoTokenizer.from_pretrained(args.model)
    base = AutoModelForCausalLM.from_pretrained(args.model, dtype=torch.float32).eval()
    base_score = score(questions, answer_all(base, tokenizer, prompts))
    PeftModel.from_pretrained(base, args.adapter)  # puts the adapter's layers into `base` itself
    answers = answer_all(base, tokenizer, prompts)
    tuned_score = score(questions, answers)
    for prompt, answer in zip(prompts, answers, strict=True):
        print(f"{prompt}  ->  {answer}")
    print(
        f"tuned {tuned_score.counted:.0%}, base {base_score.counted:.0%},"
        f" shuffled {tuned_score.shuffled:.0%}, distinct {tuned_score.distinct:.0%}, of {len(questions)}"
    )


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Score a pirate adapter on held-out prompts.")
    parser.add_argument("--adapter", type=Path, required=True)
    parser.add_argument("--model", type=Path, default=Path("presets/model"))
    parser.add_argument("--questions", type=Path, default=Path("presets/data/pirate-heldout.jsonl"))
    return parser.parse_args()


if __name__ == "__main__":
    main()
