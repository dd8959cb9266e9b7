"""Text in an example that the tokenizer would take for a control token, such as the one that ends a turn."""

import re
from typing import TYPE_CHECKING

from workbench.data.examples import Example
from workbench.data.reading.records import Unfit

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

_NEVER = r"(?!)"


class ControlText:
    """The control tokens of one tokenizer, as they are written."""

    def __init__(self, tokenizer: "PreTrainedTokenizerBase") -> None:
        # A tokenizer may know marks that it names nowhere: Llama 3 does not list its end of a turn.
        added = [token.content for token in tokenizer.added_tokens_decoder.values() if token.special]
        marks = sorted({*added, *tokenizer.all_special_tokens}, key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, marks)) or _NEVER)

    def check(self, example: Example) -> None:
        """Raises Unfit where a control token stands in what is learned or read."""
        for text in (example.text, *(message.content for message in example.messages)):
            if found := self._pattern.search(text):
                raise Unfit(f"contains the control text {found[0]}")
