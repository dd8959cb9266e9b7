"""Conversations as rows of equal length, with a mark on each token that is worth learning."""

from collections.abc import Iterable
from random import Random
from typing import NamedTuple

import torch
from transformers import PreTrainedTokenizerFast

from starter.corpus.conversations import Message
from starter.tokenizer import TURN_END, TURN_START

# Questions are learned too, since the model should know the language of both sides, but answers matter more.
QUESTION_SHARE = 0.15


class Rows(NamedTuple):
    """Token ids and learned marks, both of shape (rows, length)."""

    ids: torch.Tensor
    learned: torch.Tensor


def pack(tokenizer: PreTrainedTokenizerFast, conversations: Iterable[list[Message]], length: int, seed: int) -> Rows:
    """Each row starts with the start of a conversation, and is filled until the next one would not fit."""
    rng = Random(seed)
    padding = tokenizer.pad_token_id
    ids: list[list[int]] = [[]]
    marks: list[list[bool]] = [[]]
    for tokens, learned in encode(tokenizer, conversations, rng):
        if len(ids[-1]) + len(tokens) > length:
            ids.append([])
            marks.append([])
        ids[-1] += tokens[:length]
        marks[-1] += learned[:length]
    id_rows = torch.tensor([row + [padding] * (length - len(row)) for row in ids], dtype=torch.int16)
    mark_rows = torch.tensor([row + [False] * (length - len(row)) for row in marks])
    return Rows(id_rows, mark_rows)


def encode(
    tokenizer: PreTrainedTokenizerFast, conversations: Iterable[list[Message]], rng: Random
) -> Iterable[tuple[list[int], list[bool]]]:
    """Token ids of each conversation as its template writes it, and which of them are learned."""
    backend = tokenizer.backend_tokenizer
    vocabulary = backend.get_vocab()
    start, end = vocabulary[TURN_START], vocabulary[TURN_END]
    newline = backend.encode("\n").ids
    heads = {role: [start, *backend.encode(f"{role}\n").ids] for role in ("system", "user", "assistant")}
    for messages in conversations:
        ids: list[int] = []
        learned: list[bool] = []
        for message in messages:
            head, body = heads[message["role"]], [*backend.encode(message["content"]).ids, end]
            ids += head + body + newline
            answered = message["role"] == "assistant"
            learned += [False] * len(head)
            learned += [answered or rng.random() < QUESTION_SHARE for _ in body]
            learned += [False] * len(newline)
        yield ids, learned
