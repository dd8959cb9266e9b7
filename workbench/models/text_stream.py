"""Tokens as they come, turned into text that never shows half a character."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

_INCOMPLETE = "\N{REPLACEMENT CHARACTER}"
_MOST_PENDING_TOKENS = 4
"""A character has at most four bytes, so more tokens than that are not an unfinished one but broken text."""


class TextStream:
    """Text pieces of one answer; together they are the text of all its tokens."""

    def __init__(self, tokenizer: "PreTrainedTokenizerBase") -> None:
        self._tokenizer = tokenizer
        self._shown: list[int] = []
        self._pending: list[int] = []

    def push(self, token: int) -> str:
        """The text that `token` completes, which may be empty."""
        self._pending.append(token)
        text = self._pending_text()
        if text.endswith(_INCOMPLETE) and len(self._pending) < _MOST_PENDING_TOKENS:
            return ""
        # Some tokenizers write a token differently at the beginning, so the one before it is decoded along.
        self._shown, self._pending = self._pending, []
        return text

    def finish(self) -> str:
        """What is left at the end of the answer; an unfinished character is shown as a replacement mark."""
        text = self._pending_text()
        self._shown, self._pending = self._pending, []
        return text

    def _pending_text(self) -> str:
        return self._decode(self._shown + self._pending)[len(self._decode(self._shown)) :]

    def _decode(self, ids: list[int]) -> str:
        return str(self._tokenizer.decode(ids, skip_special_tokens=True, clean_up_tokenization_spaces=False))
