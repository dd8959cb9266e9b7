"""The tokens of a tokenizer in their order, and of what kind each is."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from workbench.errors import ModelError
from workbench.export.gguf.families.family import INSTEAD


class Kind(IntEnum):
    """As GGUF counts them."""

    NORMAL = 1
    UNKNOWN = 2
    CONTROL = 3
    USER_DEFINED = 4
    UNUSED = 5
    BYTE = 6


@dataclass(frozen=True)
class Token:
    text: str
    kind: Kind


def list_tokens(rules: dict[str, Any], rows: int) -> list[Token]:
    """As many as the model has rows for. Raises ModelError for a tokenizer with more of them."""
    tokens = {number: Token(text, Kind.NORMAL) for text, number in rules["model"]["vocab"].items()}
    tokens |= {added["id"]: _added(added) for added in rules["added_tokens"]}
    if max(tokens) >= rows:
        sentence = f"The model has {rows} tokens, and its tokenizer {max(tokens) + 1}."
        raise ModelError(sentence, INSTEAD)
    return [tokens.get(number, Token(f"[PAD{number}]", Kind.UNUSED)) for number in range(rows)]


def describe_tokens(tokens: list[Token]) -> dict[str, Any]:
    return {
        "tokenizer.ggml.tokens": [token.text for token in tokens],
        "tokenizer.ggml.token_type": [int(token.kind) for token in tokens],
    }


def _added(token: dict[str, Any]) -> Token:
    return Token(token["content"], Kind.CONTROL if token["special"] else Kind.USER_DEFINED)
