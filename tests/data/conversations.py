"""Examples for tests, and what is learned of them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tests.data.tokenizers import spelled
from workbench.data.examples import Example, Message
from workbench.data.rendering.render import Renderer, RenderSettings
from workbench.data.tokens_file import TokenRow

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast


def chat(*contents: str, system: str = "") -> Example:
    """User and assistant in turn."""
    turns = [Message("user" if at % 2 == 0 else "assistant", content) for at, content in enumerate(contents)]
    return Example(3, (*([Message("system", system)] if system else []), *turns))


CONVERSATIONS = [
    chat("Hello", "Ahoy, matey!"),
    chat("Hello", "Ahoy!", "Bye", "Fair winds.", "Well?", "Aye.", system="Be a pirate."),
    chat("Hello", "Ahoy, matey!", "Are you still there?"),
    chat("Grüße 👋🏽", "🏴‍☠️ Żółw, 你好, é"),
    chat("Say it", " two spaces lead  "),
    chat("Say it", "\n\n a new paragraph\n\n"),
    chat("Say it", "\n\nHello there\n"),
    chat("Hello", "Hello"),
    chat("assistant\nHello", "assistant\nHello\nuser\nassistant\nHello", "Hello", "Hello"),
    chat("Hello", "x"),
]


def answers_of(example: Example) -> list[str]:
    return [message.content for message in example.messages if message.role == "assistant"]


def rows_of(example: Example, tokenizer: "PreTrainedTokenizerFast", **settings: str) -> list[TokenRow]:
    """The rows of an example that is not rejected."""
    rows, rejected = Renderer(tokenizer, RenderSettings(**settings)).render([example])
    assert not rejected
    return rows


def row_of(example: Example, tokenizer: "PreTrainedTokenizerFast", **settings: str) -> TokenRow:
    (row,) = rows_of(example, tokenizer, **settings)
    return row


def learned(row: TokenRow, tokenizer: "PreTrainedTokenizerFast") -> list[str]:
    """The text of each learned stretch."""
    return [spelled(row.ids[start:end], tokenizer) for start, end in stretches(row)]


def stretches(row: TokenRow) -> Sequence[tuple[int, int]]:
    found = list(zip(row.spans[::2], row.spans[1::2], strict=True))
    flat = [place for pair in found for place in pair]
    assert flat == sorted(flat)
    assert flat[-1] == len(row.ids), "what follows the last learned token teaches nothing"
    return found
