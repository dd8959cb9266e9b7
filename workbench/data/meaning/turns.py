"""The turns of a conversation as messages: who speaks, what is said, and what becomes of the turns of tools.

Chat templates know a system prompt, and after it questions and answers in turn. What a tool gives back therefore
stands with the questions and says whose word it is; what the model asks of a tool stands with the answers, as JSON.
Turns of one side that follow each other are joined. A system prompt after the first question is refused: moved to the
front, or into somebody's mouth, it would teach what the file does not say.
"""

import json
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

from workbench.data.examples import Message
from workbench.data.meaning.layout import Remarks
from workbench.data.reading.json_strict import kind, parse
from workbench.data.reading.records import Cells, Unfit, excerpt


class Keys(NamedTuple):
    """What a turn calls its speaker and its text."""

    role: str
    text: str


CHAT_KEYS = Keys("role", "content")
SHAREGPT_KEYS = Keys("from", "value")


def list_of_turns(value: Any) -> list[Any] | None:
    """The turns in a cell, where it holds a list, or a list as JSON text, as spreadsheets have it. Raises Unfit."""
    if isinstance(value, str) and value.lstrip().startswith("["):
        value = parse(value)
    return value if isinstance(value, list) else None


def keys_in(cells: Cells, column: str | None) -> Keys | None:
    """How the turns in this column are written, if it holds turns."""
    try:
        turns = list_of_turns(cells.get(column)) if column is not None else None
    except Unfit:
        return None
    first = turns[0] if turns else None
    if not isinstance(first, dict):
        return None
    return next((keys for keys in (CHAT_KEYS, SHAREGPT_KEYS) if keys.role in first), None)


def side_of(role: Any) -> str | None:
    """Whose turn it is: system, user, assistant, tool (what one gives back) or call (what one is asked)."""
    if not isinstance(role, str):
        return None
    return _SIDES.get(role) or _SIDES.get(role.strip().casefold())


def read_turns(turns: list[Any], keys: Keys, remarks: Remarks) -> list[Message]:
    """A conversation that asks and answers in turn. Raises Unfit."""
    messages: list[Message] = []
    said: set[str] = set()
    for number, turn in enumerate(turns, start=1):
        message = _message(number, turn, keys, said)
        if message.role == "system" and not message.content.strip():
            continue
        if messages and messages[-1].role == message.role:
            said.add(_JOINED)
        elif messages and message.role == "system":
            raise Unfit(f"{_has_role(number, turn[keys.role])} after the first message, which is not supported")
        messages.append(message)
    if _JOINED in said:
        sides = groupby(messages, key=attrgetter("role"))
        messages = [Message(role, "\n\n".join(turn.content for turn in side)) for role, side in sides]
    _check_order(messages)
    remarks.update(said)
    return messages


def _check_order(messages: list[Message]) -> None:
    turns = messages[1:] if messages and messages[0].role == "system" else messages
    # Without a question, most templates have no way to ask for the answer.
    if turns and turns[0].role == "assistant":
        raise Unfit("begins with an answer")
    if len(turns) < 2:
        raise Unfit("no answer")


def _message(number: int, turn: Any, keys: Keys, said: set[str]) -> Message:
    role_key, text_key = keys
    if not isinstance(turn, dict) or role_key not in turn:
        raise Unfit(f"message {number} has no {role_key} and {text_key}")
    side = side_of(turn[role_key])
    if side is None:
        raise Unfit(f"{_has_role(number, turn[role_key])}, which is not supported")
    if side in ("tool", "call"):
        said.add(_TOOLS)
        return _tool_message(number, side, turn[role_key], turn.get(text_key))
    calls = _calls(turn, keys, said) if len(turn) > 2 else ""
    text = _text(number, turn, keys, optional=bool(calls))
    if calls:
        return Message(side, f"{text}\n{calls}" if text else calls)
    if side != "system" and (not text or text.isspace()):
        raise Unfit("no answer" if side == "assistant" else f"message {number} is empty")
    return Message(side, text)


def _tool_message(number: int, side: str, role: str, content: Any) -> Message:
    text = "" if content is None else _as_json(content)
    if side == "tool":
        return Message("user", f"{role}: {text}")
    if not text.strip():
        raise Unfit(f"message {number} is empty")
    return Message("assistant", text)


def _has_role(number: int, role: Any) -> str:
    return f"message {number} has the role “{excerpt(str(role))}”"


def _text(number: int, turn: dict[str, Any], keys: Keys, *, optional: bool) -> str:
    content = turn.get(keys.text)
    if isinstance(content, str):
        return content
    if content is None and optional:
        return ""
    if keys.text not in turn:
        raise Unfit(f"message {number} has no {keys.role} and {keys.text}")
    if isinstance(content, list) and content and all(isinstance(part, dict) for part in content):
        return "".join(_part(number, part) for part in content)
    raise Unfit(f"message {number} is {kind(content)}, not text")


def _part(number: int, part: dict[str, Any]) -> str:
    text = part.get("text")
    if part.get("type") != "text" or not isinstance(text, str):
        raise Unfit(f"message {number} holds something other than text: {excerpt(str(part.get('type')))}")
    return text


def _calls(turn: dict[str, Any], keys: Keys, said: set[str]) -> str:
    """What a turn asks of tools, as JSON; and a remark on whatever else stands in it."""
    calls = turn.get("tool_calls") or turn.get("function_call")
    if calls:
        said.add(_TOOLS)
    if turn.get("weight") == 0:
        said.add(_UNWEIGHTED)
    if any(value for key, value in turn.items() if key not in _READ and key not in keys):
        said.add(_MORE)
    return _as_json(calls) if calls else ""


def _as_json(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


_TOOLS = "Turns of tools are kept as text: what a tool gives back with the questions, what it is asked with the answers"
_JOINED = "Turns of the same side that follow each other are joined into one"
_UNWEIGHTED = "Answers that are marked not to be learned (weight 0) are learned all the same"
_MORE = "Turns hold more than a speaker and a text, which is not used"

_READ = ("tool_calls", "function_call", "weight")

_SIDES = {
    "system": "system", "developer": "system",
    "user": "user", "human": "user", "prompter": "user", "customer": "user",
    "assistant": "assistant", "gpt": "assistant", "bot": "assistant", "chatgpt": "assistant", "chatbot": "assistant",
    "model": "assistant", "ai": "assistant", "bard": "assistant", "bing": "assistant", "claude": "assistant",
    "tool": "tool", "function": "tool", "observation": "tool", "tool_response": "tool", "function_response": "tool",
    "ipython": "tool",
    "function_call": "call", "tool_call": "call",
}  # fmt: skip
