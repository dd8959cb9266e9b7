"""Whole conversations from the kinds of exchange. See some with `python -m starter.corpus.conversations`."""

from collections.abc import Iterator
from random import Random

from starter.corpus.freer import make_freer
from starter.corpus.grammar import Exchange, capitalise, expand, roughen
from starter.corpus.styles import STYLES, instruct_style, request_style, restyle
from starter.corpus.table import KINDS

Message = dict[str, str]

WEIGHTS = [kind.weight for kind in KINDS]
SYSTEM = (
    "(You are a (helpful|friendly|kind|small|polite) (assistant|helper|model|friend|program)."
    "|Answer (shortly|in one sentence|politely|simply|in plain words)."
    "|You are Starter, a small language model."
    "|Be (kind|polite|short|helpful|friendly).|You help people with simple questions.)"
)
STYLED_SHARE = 0.08
SYSTEM_SHARE = 0.08


def generate(seed: int, count: int, freer_share: float = 0.0) -> Iterator[list[Message]]:
    """`count` conversations, the same for the same seed; a share of the questions is asked in freer words."""
    rng = Random(seed)
    for _ in range(count):
        yield make_conversation(rng, freer_share)


def make_conversation(rng: Random, freer_share: float) -> list[Message]:
    turns = rng.choices((1, 2, 3), weights=(62, 25, 13))[0]
    if rng.random() < STYLED_SHARE:
        return make_styled(rng, turns, freer_share)
    messages = [say("system", expand(rng, SYSTEM))] if rng.random() < SYSTEM_SHARE else []
    for _ in range(turns):
        question, answer = make_exchange(rng, freer_share)
        messages += [say("user", question), say("assistant", answer)]
    return messages


def make_styled(rng: Random, turns: int, freer_share: float) -> list[Message]:
    """A manner asked for once by the system message, or in each question."""
    style = rng.choice(STYLES)
    by_system = rng.random() < 0.6
    messages = [say("system", instruct_style(rng, style))] if by_system else []
    for _ in range(turns):
        question, answer = make_exchange(rng, freer_share)
        asked = question if by_system else request_style(rng, style, question)
        messages += [say("user", asked), say("assistant", restyle(rng, style, answer))]
    return messages


def make_exchange(rng: Random, freer_share: float) -> Exchange:
    freer = freer_share > 0 and rng.random() < freer_share
    question, answer = make_freer(rng) if freer else rng.choices(KINDS, weights=WEIGHTS)[0].make(rng)
    return roughen(rng, capitalise(question)), answer


def say(role: str, content: str) -> Message:
    return {"role": role, "content": content}


def main() -> None:
    for conversation in generate(seed=0, count=30):
        print("\n".join(f"{message['role']:>9}: {message['content']}" for message in conversation), end="\n\n")


if __name__ == "__main__":
    main()
