"""The corpus is the same for the same seed, is broad, and never asks what the examination asks."""

import re
from itertools import chain
from random import Random

import pytest

from starter.corpus.conversations import Message, generate
from starter.corpus.table import KINDS
from starter.heldout import build_prompts, read_topics

PERSONA_WORDS = re.compile(r"\b(arr+|ahoy|matey|hearties|my lord)\b", re.IGNORECASE)


@pytest.fixture(scope="module")
def conversations() -> list[list[Message]]:
    return [*generate(seed=7, count=6000), *generate(seed=8, count=6000, freer_share=0.8)]


@pytest.fixture(scope="module")
def questions(conversations: list[list[Message]]) -> set[str]:
    return {
        normalise(message["content"]) for messages in conversations for message in messages if message["role"] == "user"
    }


def test_same_seed_same_corpus(conversations: list[list[Message]]) -> None:
    assert list(generate(seed=7, count=200)) == conversations[:200]
    assert list(generate(seed=8, count=200)) != conversations[:200]


def test_roles_alternate_and_nothing_is_empty(conversations: list[list[Message]]) -> None:
    for messages in conversations:
        assert all(message["content"].strip() for message in messages)
        spoken = [message["role"] for message in messages if message["role"] != "system"]
        assert spoken == ["user", "assistant"] * (len(spoken) // 2)


def test_no_pattern_is_left_unfilled(conversations: list[list[Message]]) -> None:
    for message in chain.from_iterable(conversations):
        assert not set("{}|") & set(message["content"]), message["content"]


def test_held_out_prompts_do_not_occur(questions: set[str]) -> None:
    assert not {normalise(prompt.prompt) for prompt in build_prompts()} & questions


def test_held_out_wordings_do_not_occur_with_other_words(questions: set[str]) -> None:
    wordings = [wording for topic in read_topics() for wording in topic.wordings if wording != "{}"]
    for wording in map(re.compile, map(as_pattern, wordings)):
        assert not [question for question in questions if wording.search(question)], wording.pattern


def test_the_demo_persona_is_not_in_the_corpus(conversations: list[list[Message]]) -> None:
    for messages in conversations:
        for message in messages:
            assert not PERSONA_WORDS.search(message["content"]), message["content"]


def test_every_kind_has_many_wordings() -> None:
    for kind in KINDS:
        rng = Random(0)
        asked = {kind.make(rng)[0] for _ in range(200)}
        assert len(asked) >= 8, kind.name


def test_the_examination_is_large_and_its_prompts_differ() -> None:
    prompts = [prompt.prompt for prompt in build_prompts()]
    assert len(prompts) >= 200
    assert len(set(prompts)) == len(prompts)


def as_pattern(wording: str) -> str:
    return "^" + re.escape(normalise(wording.replace("{}", "XSLOTX"))).replace("xslotx", ".+") + "$"


def normalise(text: str) -> str:
    return re.sub(r"[^a-z0-9 ]", "", text.lower()).strip()
