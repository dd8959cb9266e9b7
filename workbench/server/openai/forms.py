"""The JSON of answers: whole, and piece by piece."""

import time
import uuid
from typing import Any

from workbench.server.openai.choices import Choice


class ChatForm:
    """Of /v1/chat/completions."""

    whole, piece, prefix = "chat.completion", "chat.completion.chunk", "chatcmpl"

    def choice(self, choice: Choice) -> dict[str, Any]:
        return {"message": {"role": "assistant", "content": choice.text, "refusal": None}}

    def delta(self, text: str, *, is_first: bool) -> dict[str, Any]:
        if is_first:
            return {"delta": {"role": "assistant", "content": text}}
        return {"delta": {"content": text} if text else {}}


class TextForm:
    """Of /v1/completions."""

    whole, piece, prefix = "text_completion", "text_completion", "cmpl"

    def choice(self, choice: Choice) -> dict[str, Any]:
        return {"text": choice.text}

    def delta(self, text: str, *, is_first: bool) -> dict[str, Any]:
        return {"text": text}


Form = ChatForm | TextForm


class Writer:
    """Writes the answers to one request."""

    def __init__(self, form: Form, model: str) -> None:
        self._form = form
        self._head = {"id": f"{form.prefix}-{uuid.uuid4().hex}", "created": int(time.time()), "model": model}
        self._begun: set[int] = set()

    def whole(self, choices: list[Choice], usage: dict[str, int]) -> dict[str, Any]:
        """All of it at once."""
        listed = [_choice(choice, self._form.choice(choice)) for choice in choices]
        return self._head | {"object": self._form.whole, "choices": listed, "usage": usage}

    def piece(self, choice: Choice, text: str) -> dict[str, Any]:
        """What one choice goes on with."""
        is_first = choice.index not in self._begun
        self._begun.add(choice.index)
        listed = [_choice(choice, self._form.delta(text, is_first=is_first))]
        return self._head | {"object": self._form.piece, "choices": listed}

    def usage(self, usage: dict[str, int]) -> dict[str, Any]:
        """The last piece, where it is asked for."""
        return self._head | {"object": self._form.piece, "choices": [], "usage": usage}


def count_usage(choices: list[Choice], choices_each: int) -> dict[str, int]:
    """Tokens of the prompts, each once however many answers it has, and of all answers."""
    prompt = sum(choice.prompt_tokens for choice in choices[::choices_each])
    completion = sum(choice.tokens for choice in choices)
    return {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}


def _choice(choice: Choice, part: dict[str, Any]) -> dict[str, Any]:
    return {"index": choice.index, **part, "logprobs": None, "finish_reason": choice.finish_reason}
