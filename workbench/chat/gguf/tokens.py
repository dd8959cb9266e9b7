"""The tokenizer in a GGUF file, as llama.cpp has it, under the names by which chat asks a tokenizer of transformers."""

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import llama_cpp

from workbench.chat.gguf.library import Weights

_MARK = llama_cpp.LLAMA_TOKEN_ATTR_CONTROL | llama_cpp.LLAMA_TOKEN_ATTR_USER_DEFINED


@dataclass(frozen=True)
class Mark:
    """A token that is written as a whole, such as an end of a turn."""

    content: str
    special: bool


class GgufTokenizer:
    """As much of `PreTrainedTokenizerBase` as answering needs."""

    def __init__(self, weights: Weights) -> None:
        self._vocab = weights.vocab
        template = llama_cpp.llama_model_chat_template(weights.pointer, None)
        self.chat_template = template.decode("utf-8", errors="replace") if template else None
        self.added_tokens_decoder = self._marks()
        self.bos_token_id = _id(llama_cpp.llama_vocab_bos(self._vocab))
        self.eos_token_id = _id(llama_cpp.llama_vocab_eos(self._vocab))
        named = {"bos_token": self.bos_token_id, "eos_token": self.eos_token_id}
        self.special_tokens_map = {name: self._content(token) for name, token in named.items() if token is not None}
        self.all_special_tokens = list(self.special_tokens_map.values())

    @property
    def end_ids(self) -> frozenset[int]:
        """What llama.cpp itself ends an answer at."""
        ends = (token for token in self.added_tokens_decoder if llama_cpp.llama_vocab_is_eog(self._vocab, token))
        return frozenset(ends)

    def get_chat_template(self) -> str | None:
        return self.chat_template

    def convert_tokens_to_ids(self, content: str) -> int | None:
        return next((token for token, mark in self.added_tokens_decoder.items() if mark.content == content), None)

    def __call__(self, text: str, *, add_special_tokens: bool = True, **_: Any) -> dict[str, list[int]]:
        written = text.encode("utf-8")
        room = len(written) + 2  # no token is less than a byte; a text may get a beginning and an end
        tokens = (llama_cpp.llama_token * room)()
        count = llama_cpp.llama_tokenize(self._vocab, written, len(written), tokens, room, add_special_tokens, True)
        return {"input_ids": list(tokens[: max(0, count)])}

    def decode(self, ids: Sequence[int], *, skip_special_tokens: bool = False, **_: Any) -> str:
        tokens = (llama_cpp.llama_token * len(ids))(*ids)
        room = 0
        # Asked without room, it tells how much it needs.
        while True:
            text = ctypes.create_string_buffer(room + 1)
            told = llama_cpp.llama_detokenize(self._vocab, tokens, len(ids), text, room, False, not skip_special_tokens)
            if told >= 0:
                return text.raw[:told].decode("utf-8", errors="replace")
            room = -told

    def _marks(self) -> dict[int, Mark]:
        attributes = {
            token: llama_cpp.llama_vocab_get_attr(self._vocab, token)
            for token in range(llama_cpp.llama_vocab_n_tokens(self._vocab))
        }
        return {
            token: Mark(self._content(token), bool(attribute & llama_cpp.LLAMA_TOKEN_ATTR_CONTROL))
            for token, attribute in attributes.items()
            if attribute & _MARK
        }

    def _content(self, token: int) -> str:
        return str(llama_cpp.llama_vocab_get_text(self._vocab, token).decode("utf-8", errors="replace"))


def _id(token: int) -> int | None:
    return token if token >= 0 else None
