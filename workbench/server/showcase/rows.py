"""What a visitor is told while waiting, and while the answers come."""

from typing import Any

from workbench.chat.protocol import Event

_ORDINALS = ("", "next", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_LOADING = "The model is being loaded. The first answer takes a moment."


def row_of(event: Event) -> dict[str, Any] | None:
    """What a visitor is told of an event; None for what is none of their business."""
    if event.kind == "loading":
        return {"kind": "note", "words": _LOADING}
    if event.kind in ("begun", "text", "done"):
        return {"kind": event.kind, "who": event.target, "text": "" if event.kind == "begun" else event.text}
    return {"kind": "problem", "words": event.text} if event.kind == "error" else None


def in_line(position: int) -> str:
    if position == 1:
        return "You are next."
    return f"You are {_ORDINALS[position] if position < len(_ORDINALS) else f'number {position}'} in line."
