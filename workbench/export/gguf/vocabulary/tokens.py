"""The tokens of a tokenizer in their order, and of what kind each is."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Any

from workbench.errors import ModelError
from workbench.export.gguf.families.family import INSTEAD

_NOT_STRIPPED = {"<unk>", "<s>", "<|endoftext|>"}
"""The marks of Phi-3 behind which spaces stay."""


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


def strips_as_phi_3(rules: dict[str, Any]) -> bool:
    """Whether spaces behind marks are swallowed. Raises ModelError where programs would swallow others."""
    marks = rules["added_tokens"]
    if not any(token["lstrip"] or token["rstrip"] or token["single_word"] for token in marks):
        return False
    known = {token["content"] for token in marks if not token["rstrip"]} == _NOT_STRIPPED
    if not known or any(token["lstrip"] or token["single_word"] for token in marks):
        raise ModelError("The model's tokenizer swallows spaces beside its marks as no GGUF file can tell.", INSTEAD)
    return True


def _added(token: dict[str, Any]) -> Token:
    return Token(token["content"], Kind.CONTROL if token["special"] else Kind.USER_DEFINED)
