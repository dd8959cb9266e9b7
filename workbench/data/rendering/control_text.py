"""Text in an example that the tokenizer would take for a control token, such as the one that ends a turn."""

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from workbench.data.examples import Example
from workbench.data.reading.records import Unfit
from workbench.models.templates import special_marks

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

_NEVER = r"(?!)"


class ControlText:
    """The control tokens of one tokenizer, as they are written."""

    def __init__(self, tokenizer: "PreTrainedTokenizerBase") -> None:
        marks = sorted(special_marks(tokenizer), key=len, reverse=True)
        self._pattern = re.compile("|".join(map(re.escape, marks)) or _NEVER)
        self._beginnings = _beginnings(marks)

    def check(self, example: Example) -> None:
        """Raises Unfit where a control token stands in what is learned or read."""
        for text in (example.text, *(message.content for message in example.messages)):
            self.check_text(text)

    def check_text(self, text: str) -> None:
        """Raises Unfit where a control token stands in the text."""
        # Looking for a few fixed strings is a hundred times as fast as the pattern, and nearly always enough.
        if any(beginning in text for beginning in self._beginnings) and (found := self._pattern.search(text)):
            raise Unfit(f"contains the control text {found[0]}")


def _beginnings(marks: list[str]) -> list[str]:
    """Few strings, of which each mark begins with one: its first two letters, or all of it if no other has those."""
    alike: dict[str, list[str]] = defaultdict(list)
    for mark in marks:
        alike[mark[:2]].append(mark)
    return [group[0] if len(group) == 1 else beginning for beginning, group in alike.items()]
