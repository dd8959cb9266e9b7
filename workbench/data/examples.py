"""What training and checking work with: conversations, or text."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Message:
    """One turn; `role` is system, user or assistant."""

    role: str
    content: str


@dataclass(frozen=True)
class Example:
    """A conversation in `messages`, or else raw text; `line` is where it stands in its file, `part` which file."""

    line: int
    messages: tuple[Message, ...] = ()
    text: str = ""
    ends_document: bool = True
    part: int = 0
