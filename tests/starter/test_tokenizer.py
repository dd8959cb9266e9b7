"""The tokenizer loses nothing, and its template only ever adds to what it wrote before."""

import json
from pathlib import Path
from random import Random

import pytest
from transformers import AutoTokenizer, PreTrainedTokenizerFast

from starter.corpus.conversations import generate, say
from starter.packing import encode, pack
from starter.tokenizer import PADDING, TURN_END, TURN_START, train_tokenizer


@pytest.fixture(scope="module")
def tokenizer(tmp_path_factory: pytest.TempPathFactory) -> PreTrainedTokenizerFast:
    """Trained on little, saved, and read again as any tool would read it."""
    folder: Path = tmp_path_factory.mktemp("tokenizer")
    texts = (message["content"] for messages in generate(seed=1, count=400) for message in messages)
    train_tokenizer(texts).save_pretrained(folder, save_jinja_files=False)
    return AutoTokenizer.from_pretrained(folder)


@pytest.mark.parametrize("text", ["Hello!", "  two  spaces\n\tand a tab", "Äpfel, 猫, ½ 🙂", "I'd've 12345"])
def test_round_trip(tokenizer: PreTrainedTokenizerFast, text: str) -> None:
    assert tokenizer.decode(tokenizer.encode(text)) == text


def test_special_pieces(tokenizer: PreTrainedTokenizerFast) -> None:
    assert tokenizer.eos_token == TURN_END and tokenizer.pad_token == PADDING
    assert tokenizer.eos_token_id != tokenizer.pad_token_id
    assert {TURN_START, TURN_END, PADDING} <= set(tokenizer.all_special_tokens)
    assert len(tokenizer) <= 4096


def test_template_is_prefix_consistent(tokenizer: PreTrainedTokenizerFast) -> None:
    messages = [
        say("system", "Be kind."),
        say("user", "Hi"),
        say("assistant", "Hello!"),
        say("user", "Bye"),
        say("assistant", "Bye!"),
    ]
    for index in (2, 4):
        asked = tokenizer.apply_chat_template(messages[:index], add_generation_prompt=True, tokenize=False)
        answered = tokenizer.apply_chat_template(messages[: index + 1], tokenize=False)
        assert answered.startswith(asked)
        assert answered[len(asked) :].startswith(messages[index]["content"] + TURN_END)


def test_packing_writes_what_the_template_writes(tokenizer: PreTrainedTokenizerFast) -> None:
    conversations = list(generate(seed=2, count=50))
    rows = pack(tokenizer, conversations, length=256, seed=0)
    texts = [tokenizer.apply_chat_template(messages, tokenize=False) for messages in conversations]
    packed = tokenizer.decode([token for row in rows.ids.tolist() for token in row if token != tokenizer.pad_token_id])
    assert packed == "".join(texts)


def test_every_answer_is_learned_to_its_end(tokenizer: PreTrainedTokenizerFast) -> None:
    conversations = list(generate(seed=3, count=50))
    for messages, (ids, learned) in zip(conversations, encode(tokenizer, conversations, Random(0)), strict=True):
        ends = [place for place, token in enumerate(ids) if token == tokenizer.eos_token_id]
        assert len(ends) == len(messages)
        assert all(learned[end] for end, message in zip(ends, messages, strict=True) if message["role"] == "assistant")


def test_template_is_inside_the_configuration(tmp_path: Path) -> None:
    train_tokenizer(["a few words"]).save_pretrained(tmp_path, save_jinja_files=False)
    assert "<|im_start|>" in json.loads((tmp_path / "tokenizer_config.json").read_text())["chat_template"]
