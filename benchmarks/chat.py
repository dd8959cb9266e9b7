"""Answers through the chat's worker, beside a bare loop of `model.generate`:  python -m benchmarks.chat

The worker's time is what whoever asks sees: of a question from its being asked until its end, with text, events and the
way between two processes; its first token is that of a model in memory. Both sides write greedily, and in turn.
"""

import argparse
import statistics
import time
from pathlib import Path
from typing import Any

import torch

from benchmarks.answers import STARTER
from benchmarks.shapes import SHAPES, model_folder
from benchmarks.venvs import BUILD, PROJECT
from workbench.chat.client import ChatClient
from workbench.chat.protocol import Event, Question, Target
from workbench.config.sampling import Sampling
from workbench.models.load import load_model
from workbench.models.tokenizer import load_tokenizer

ASKED = ({"role": "user", "content": "What is the capital of France, and what can be seen there?"},)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    names = [STARTER, *SHAPES]
    parser.add_argument("--shapes", nargs="*", choices=names, default=names[:2], help="models (default: two)")
    parser.add_argument("--rounds", type=int, default=8, help="answers of each side (default: 8)")
    parser.add_argument("--tokens", type=int, default=64, help="the longest answer (default: 64)")
    options = parser.parse_args()
    for shape in options.shapes:
        folder = PROJECT / "presets" / "model" if shape == STARTER else model_folder(shape)
        print(f"{shape}: {compare(folder, options)}", flush=True)


def compare(folder: Path, options: argparse.Namespace) -> str:
    client, question = ChatClient(BUILD / "logs" / "chat.log"), ask(folder, options.tokens)
    try:
        done = answer(client, question)
        generate = bare_loop(folder, done.tokens)
        generate()
        pairs = [(answer(client, question), generate()) for _ in range(options.rounds)]
    finally:
        client.close()
    rates = [done.tokens / done.seconds for done, _ in pairs]
    times = statistics.median(seconds / done.seconds for done, seconds in pairs)
    first = statistics.median(done.first_seconds for done, _ in pairs)
    return f"{statistics.median(rates):.0f} tokens/s, {times:.2f} times generate; first token after {first:.3f} s"


def ask(folder: Path, tokens: int) -> Question:
    sampling = Sampling(temperature=0.0, max_new_tokens=tokens)
    return Question(str(folder), "bf16", (Target("base", ASKED),), sampling)


def answer(client: ChatClient, question: Question) -> Event:
    """How it ended, its seconds as they passed here."""
    start, first, end = time.perf_counter(), 0.0, Event("end")
    for event in client.ask(question):
        first = first or (time.perf_counter() - start if event.kind == "text" else 0.0)
        end = event if event.kind == "done" else end
    return Event("done", tokens=end.tokens, seconds=time.perf_counter() - start, first_seconds=first)


def bare_loop(folder: Path, tokens: int) -> Any:
    """Writes as many tokens after the same prompt; the seconds that it took."""
    model: Any = load_model(folder, "bf16", "cpu")
    tokenizer: Any = load_tokenizer(folder)
    ids = tokenizer.apply_chat_template(list(ASKED), add_generation_prompt=True, return_tensors="pt", return_dict=True)
    greedily = {"do_sample": False, "eos_token_id": None, "pad_token_id": 0, "max_new_tokens": tokens}

    def generate() -> float:
        start = time.perf_counter()
        with torch.inference_mode():
            model.generate(input_ids=ids["input_ids"], attention_mask=ids["attention_mask"], **greedily)
        return time.perf_counter() - start

    return generate


if __name__ == "__main__":
    main()
