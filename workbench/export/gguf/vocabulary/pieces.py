"""Tokenizers of the SentencePiece kind: texts are not cut into words, and a space is a letter of its own, ▁."""

import re
from typing import Any

from workbench.errors import ModelError
from workbench.export.gguf.families.family import INSTEAD
from workbench.export.gguf.vocabulary.tokens import Kind, Token

_SPACE = "▁"
_BYTE = re.compile(r"<0x[0-9A-F]{2}>")
_REPLACED = {"type": "Replace", "pattern": {"String": " "}, "content": _SPACE}
_PREPENDED = {"type": "Prepend", "prepend": _SPACE}
_MOST_UNSAID = 0.1
"""Of the ways to join two pieces: SentencePiece knows all of them, and names none."""


def is_of_pieces(rules: dict[str, Any]) -> bool:
    return bool(rules["model"].get("byte_fallback"))


def describe_pieces(rules: dict[str, Any], tokens: list[Token]) -> tuple[dict[str, Any], list[Token]]:
    """What GGUF says of the pieces, and the tokens with their kinds. Raises ModelError for what it cannot say."""
    _check_joins(rules)
    ranks: dict[str, int] = {}
    for rank, (left, right) in enumerate(rules["model"]["merges"]):
        ranks.setdefault(left + right, rank)
    last = len(ranks)
    told = {
        "tokenizer.ggml.model": "llama",
        "tokenizer.ggml.pre": "default",
        "tokenizer.ggml.add_space_prefix": _begins_with_space(rules),
        "tokenizer.ggml.scores": [-float(ranks.get(token.text, last)) for token in tokens],
    }
    return told, [_with_kind(token, rules["model"].get("unk_token")) for token in tokens]


def _with_kind(token: Token, unknown: str | None) -> Token:
    if token.text == unknown:
        return Token(token.text, Kind.UNKNOWN)
    return Token(token.text, Kind.BYTE) if _BYTE.fullmatch(token.text) else token


def _begins_with_space(rules: dict[str, Any]) -> bool:
    """Whether a text is read as if it began with a space. Raises ModelError where more is done to it than that."""
    normalizer, splitter = rules["normalizer"], rules["pre_tokenizer"]
    steps = normalizer["normalizers"] if normalizer and normalizer["type"] == "Sequence" else [normalizer]
    match [step for step in steps if step], splitter:
        case [[], {"type": "Metaspace", "replacement": "▁", "prepend_scheme": scheme, "split": False}]:
            return bool(scheme != "never")
        case [[first, second], None] if (first, second) == (_PREPENDED, _REPLACED):
            return True
        case [[only], None | {"type": "Split", "pattern": {"String": " "}}] if only == _REPLACED:
            return False
    raise ModelError("The model's tokenizer prepares texts in a way that GGUF has no word for.", INSTEAD)


def _check_joins(rules: dict[str, Any]) -> None:
    """Programs join any two pieces that make a third; a tokenizer may know fewer ways, and then reads otherwise."""
    vocabulary, merges = rules["model"]["vocab"], {tuple(pair) for pair in rules["model"]["merges"]}
    marks = {token["content"] for token in rules["added_tokens"]}
    ways = {
        pair
        for text in vocabulary.keys() - marks
        if not _BYTE.fullmatch(text)
        for pair in ((text[:cut], text[cut:]) for cut in range(1, len(text)))
        if pair[0] in vocabulary and pair[1] in vocabulary
    }
    if len(ways - merges) > _MOST_UNSAID * len(ways):
        raise ModelError("The model's tokenizer joins pieces otherwise than SentencePiece does.", INSTEAD)
