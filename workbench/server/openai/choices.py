"""One answer as a program gets it: its text, its tokens, and why it ended."""

from workbench.chat.protocol import Event
from workbench.server.openai.errors import ApiError, let_go
from workbench.server.openai.stops import StopGate

_FINISHED = {"end": "stop", "length": "length", "context": "length"}
"""OpenAI's words for why an answer is done."""


class Choice:
    """One answer: its text as far as it can be shown, and how it ended."""

    def __init__(self, index: int, stops: list[str]) -> None:
        self.index = index
        self.text = ""
        self.prompt_tokens = 0
        self.tokens = 0
        self.finish_reason: str | None = None
        self._gate = StopGate(stops)

    def take(self, event: Event) -> str:
        """What is new to show. Raises ApiError for a prompt that leaves no room for an answer."""
        if event.kind == "begun":
            self.prompt_tokens = event.tokens
        elif event.kind == "text":
            self.tokens += 1
            return self._show(event.text)
        elif event.kind == "done":
            return self._finish(event)
        return ""

    def _show(self, text: str) -> str:
        shown = self._gate.push(text)
        if self._gate.is_hit:
            self.finish_reason = "stop"
        self.text += shown
        return shown

    def _finish(self, event: Event) -> str:
        if event.reason == "context" and not event.tokens:
            raise _no_room(self.prompt_tokens)
        if event.reason not in _FINISHED:
            raise let_go()
        shown = self._show(event.text)
        if not self.finish_reason:
            self.finish_reason = _FINISHED[event.reason]
            rest = self._gate.finish()
            self.text += rest
            shown += rest
        return shown


def _no_room(prompt_tokens: int) -> ApiError:
    message = f"The prompt has {prompt_tokens:,} tokens, and the model's context leaves no room for an answer."
    return ApiError(400, message, "context_length_exceeded")
