"""Make the starter model from nothing but a seed.

Run as:
python -m starter.build --out presets/model --minutes 62
"""

import argparse
import hashlib
import json
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from transformers import GenerationConfig, LlamaForCausalLM, PreTrainedTokenizerFast

from starter.card import Record, write_card, write_record
from starter.corpus.conversations import Message, generate
from starter.packing import pack
from starter.processes import load_trained, train_together
from starter.tokenizer import train_tokenizer
from starter.training import Lessons, Plan

CONVERSATIONS = 400_000
TOKENIZER_CONVERSATIONS = 60_000
FREER_SHARE = 0.5
ROW_TOKENS = 512


def main() -> None:
    args = parse_arguments()
    tokenizer = train_tokenizer(
        message["content"] for message in chain.from_iterable(generate(args.seed, TOKENIZER_CONVERSATIONS))
    )
    lessons, digest = prepare_lessons(tokenizer, args.seed, args.conversations)
    print(f"{len(tokenizer)} pieces, corpus sha256 {digest}", flush=True)
    plan = Plan(minutes=args.minutes, seed=args.seed, processes=args.processes)
    clock = train_together(tokenizer, lessons, plan, args.work)
    save(load_trained(tokenizer, plan, args.work), tokenizer, args.out)
    record = Record(
        seed=args.seed,
        conversations=args.conversations,
        corpus_sha256=digest,
        row_tokens=ROW_TOKENS,
        processes=plan.processes,
        steps=clock.step,
        tokens=clock.tokens,
        minutes=clock.minutes,
        loss=clock.loss,
    )
    write_record(record, args.out)
    write_card(args.out)


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Make the starter model from a seed.")
    parser.add_argument("--out", type=Path, default=Path("presets/model"), help="folder of the finished model")
    parser.add_argument("--work", type=Path, default=Path("build/starter"), help="folder of checkpoints")
    parser.add_argument("--minutes", type=float, default=62, help="training time; the learning rate falls to its end")
    parser.add_argument("--conversations", type=int, default=CONVERSATIONS, help="size of the corpus")
    parser.add_argument("--processes", type=int, default=2, help="each uses one core")
    parser.add_argument("--seed", type=int, default=7)
    return parser.parse_args()


def prepare_lessons(tokenizer: PreTrainedTokenizerFast, seed: int, count: int) -> tuple[Lessons, str]:
    """Both lessons as packed rows, three conversations in the first for two in the second; the sha256 of their text."""
    digest = hashlib.sha256()

    def watch(conversations: Iterator[list[Message]]) -> Iterator[list[Message]]:
        for conversation in conversations:
            digest.update(json.dumps(conversation).encode())
            yield conversation

    first = watch(generate(seed, count * 3 // 5))
    second = watch(generate(seed + 1, count * 2 // 5, FREER_SHARE))
    lessons = pack(tokenizer, first, ROW_TOKENS, seed), pack(tokenizer, second, ROW_TOKENS, seed)
    return lessons, digest.hexdigest()


def save(model: LlamaForCausalLM, tokenizer: PreTrainedTokenizerFast, out: Path) -> None:
    """Weights in bf16, and a tokenizer folder that carries its template inside."""
    model.bfloat16()
    model.generation_config = GenerationConfig(eos_token_id=tokenizer.eos_token_id, pad_token_id=tokenizer.pad_token_id)
    model.save_pretrained(out)
    tokenizer.save_pretrained(out, save_jinja_files=False)


if __name__ == "__main__":
    main()
