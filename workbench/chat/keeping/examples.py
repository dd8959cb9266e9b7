"""A conversation as examples to learn from: JSON Lines of messages, as the Data tab reads them."""

import json
from typing import Any

from workbench.chat.conversation import Conversation
from workbench.chat.keeping.soundness import sound
from workbench.chat.protocol import Turn
from workbench.errors import WorkbenchError

BETTER = ""
"""In place of an answerer's name: of each question, the answer that was voted the better one."""


def write_examples(conversation: Conversation, answerer: str = BETTER) -> str:
    """One line a conversation to learn. Raises WorkbenchError where there is nothing to learn."""
    talk = sound(conversation)
    examples = _chosen(talk) if answerer == BETTER else [_whole(talk, answerer)]
    lines = [_line(turns) for turns in examples if turns]
    if not lines and answerer == BETTER:
        raise WorkbenchError("No answer has been called the better one yet.", "Vote, or choose whose answers to save.")
    if not lines:
        raise WorkbenchError(f"There is no answer by “{answerer[:80]}” to save.", "Choose whose answers to save.")
    return "".join(lines)


def _whole(talk: Conversation, name: str) -> list[Turn]:
    """All that one answerer was asked and answered; nothing without any answer."""
    return _answered(talk, name, len(talk.exchanges) - 1)


def _chosen(talk: Conversation) -> list[list[Turn]]:
    """The better answers, each after what its author had read; one that another goes on from stands in that."""
    examples: list[list[Turn]] = []
    for place, exchange in enumerate(talk.exchanges):
        turns = _answered(talk, exchange.vote, place) if exchange.vote in exchange.answers else []
        examples = [*(before for before in examples if before != turns[: len(before)]), turns] if turns else examples
    return examples


def _answered(talk: Conversation, name: str, place: int) -> list[Turn]:
    """What an answerer read up to a question, with its answer to that; earlier turns alone where it gave none."""
    turns = talk.turns_of(name, place)
    answer = talk.exchanges[place].answers.get(name)
    if answer and answer.text.strip():
        return [*turns, {"role": "assistant", "content": answer.text}]
    said = turns[:-1]
    return said if said and said[-1]["role"] == "assistant" else []


def _line(turns: list[Turn]) -> str:
    row: dict[str, Any] = {"messages": turns}
    return json.dumps(row, ensure_ascii=False) + "\n"
