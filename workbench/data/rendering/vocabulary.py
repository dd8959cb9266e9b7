"""What each token id of a tokenizer stands for, kept as a file, so that rows can be shown without the tokenizer."""

import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

_BYTE = re.compile(r"<0x([0-9A-Fa-f]{2})>")
_SPACE = "▁"


class Vocabulary:
    """The pieces of text of all token ids, read from where they lie."""

    def __init__(self, path: Path) -> None:
        self._pieces = pa.ipc.open_file(pa.memory_map(str(path))).read_all().column("piece").combine_chunks()

    def __len__(self) -> int:
        return len(self._pieces)

    def pieces(self, ids: Sequence[int]) -> list[bytes]:
        """The bytes of each token; a letter may be spread over several. An unknown id stands for nothing."""
        known = pa.array([token if 0 <= token < len(self) else None for token in ids], pa.int64())
        return [piece or b"" for piece in self._pieces.take(known).to_pylist()]


def write(tokenizer: "PreTrainedTokenizerBase", path: Path) -> None:
    """Write the vocabulary of a tokenizer."""
    steps = set(_kinds(json.loads(tokenizer.backend_tokenizer.to_str(pretty=False))))
    spell = _bytes_of_letters if "ByteLevel" in steps else _bytes_of_text
    added = {number: token.content.encode() for number, token in tokenizer.added_tokens_decoder.items()}
    tokens: dict[int, str] = {number: token for token, number in tokenizer.get_vocab().items()}
    pieces = [added.get(number) or spell(tokens.get(number, "")) for number in range(max(tokens, default=-1) + 1)]
    table = pa.table({"piece": pa.array(pieces, pa.binary())})
    with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, table.schema) as writer:
        writer.write_table(table)


def _kinds(rules: dict[str, Any]) -> Iterable[str]:
    """The kinds of steps that turn text into tokens and back."""
    for part in (rules.get("pre_tokenizer"), rules.get("decoder")):
        waiting = [part] if part else []
        while waiting:
            step = waiting.pop()
            yield step["type"]
            waiting += [*step.get("pretokenizers", ()), *step.get("decoders", ())]


def _bytes_of_text(token: str) -> bytes:
    """A token of a tokenizer that writes ▁ for a space, and single bytes as <0x0A>."""
    if found := _BYTE.fullmatch(token):
        return bytes([int(found[1], 16)])
    return token.replace(_SPACE, " ").encode()


def _bytes_of_letters(token: str) -> bytes:
    """A token of a tokenizer that writes each byte as a letter of its own, as GPT-2's does."""
    if not _BYTE_OF.keys() >= set(token):
        return token.encode()
    return bytes(_BYTE_OF[letter] for letter in token)


def _letters() -> dict[str, int]:
    """Printable letters stand for themselves; the other bytes, in their order, for the letters from U+0100 on."""
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in printable]
    return {chr(byte): byte for byte in printable} | {chr(0x100 + at): byte for at, byte in enumerate(others)}


_BYTE_OF = _letters()
