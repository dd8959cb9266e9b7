"""Texts as every kind of file can hold them: a page may send, and a model write, what is no character."""

import re
from typing import Any

from workbench.chat.conversation import Conversation

_BROKEN = re.compile(r"[\x00\ud800-\udfff]")


def sound(conversation: Conversation) -> Conversation:
    """The same, with a replacement character for each NUL and each half of a surrogate pair."""
    return Conversation.from_json(_mended(conversation.to_json()))


def mend(text: str) -> str:
    return _BROKEN.sub("\N{REPLACEMENT CHARACTER}", text)


def _mended(data: Any) -> Any:
    if isinstance(data, str):
        return mend(data)
    if isinstance(data, dict):
        return {mend(key): _mended(value) for key, value in data.items()}
    return [_mended(item) for item in data] if isinstance(data, list | tuple) else data
