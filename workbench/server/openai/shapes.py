"""What a program may ask, field by field; everything else is refused by name."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from workbench.chat.protocol import Turn
from workbench.config.fields import leaves
from workbench.config.sampling import Sampling

MOST_CHOICES = 16
MOST_STOPS = 4
MOST_TOKENS, MOST_SEED = (
    next(int(leaf.spec.maximum or 0) for leaf in leaves(Sampling) if leaf.path == name)
    for name in ("max_new_tokens", "seed")
)
_TEXT_TOKENS = 16
"""How long a text is gone on with where nothing is said, as OpenAI has it."""

_SYSTEM_ROLES = ("system", "developer")


def join_parts(content: Any) -> Any:
    """Content in parts, as one text. Raises ValueError for a part that is no text."""
    if not isinstance(content, list):
        return content
    for part in content:
        kind = part.get("type") if isinstance(part, dict) else None
        if kind != "text" or not isinstance(part.get("text"), str):
            raise ValueError(f"a part of the type {kind!r} cannot be read: these models read text alone")
    return "\n".join(part["text"] for part in content)


def listed(value: Any) -> Any:
    """One text, or several, as a list."""
    return [value] if isinstance(value, str) else value or []


class Shape(BaseModel):
    """No value is turned into one of another kind."""

    model_config = ConfigDict(strict=True, extra="forbid", allow_inf_nan=False)


class Message(Shape):
    role: Literal["system", "developer", "user", "assistant"]
    content: Annotated[str, BeforeValidator(join_parts)]

    def turn(self) -> Turn:
        # No template knows OpenAI's newer word for it.
        return {"role": "system" if self.role in _SYSTEM_ROLES else self.role, "content": self.content}


class StreamOptions(Shape):
    include_usage: bool = False


class Request(Shape):
    """What both kinds of request have. None means the default everywhere, as OpenAI has it."""

    model: str
    temperature: float | None = None
    top_p: float | None = None
    top_k: int | None = None
    min_p: float | None = None
    repetition_penalty: float | None = None
    seed: int | None = Field(None, ge=0, le=MOST_SEED)
    max_tokens: int | None = Field(None, ge=1, le=MOST_TOKENS)
    stop: Annotated[list[Annotated[str, Field(min_length=1)]], BeforeValidator(listed)] = Field(
        [], max_length=MOST_STOPS
    )
    n: int | None = Field(None, ge=1, le=MOST_CHOICES)
    stream: bool | None = None
    stream_options: StreamOptions | None = None

    @property
    def choices(self) -> int:
        """How many answers to each prompt."""
        return self.n or 1

    @property
    def tells_usage(self) -> bool:
        """Whether a stream ends with the counts of tokens."""
        return self.stream_options is not None and self.stream_options.include_usage

    @model_validator(mode="after")
    def _streams(self) -> Self:
        if self.stream_options and not self.stream:
            raise ValueError("stream_options needs stream: true")
        return self


class ChatRequest(Request):
    """For /v1/chat/completions."""

    messages: list[Message] = Field(min_length=1)
    max_completion_tokens: int | None = Field(None, ge=1, le=MOST_TOKENS)

    @property
    def most_tokens(self) -> int:
        return self.max_completion_tokens or self.max_tokens or MOST_TOKENS

    def prompts(self) -> Iterator[tuple[list[Turn], str]]:
        yield [message.turn() for message in self.messages], ""

    @model_validator(mode="after")
    def _one_length(self) -> Self:
        if self.max_tokens and self.max_completion_tokens:
            raise ValueError("max_tokens and max_completion_tokens are two names for the same: give one of them")
        return self


class TextRequest(Request):
    """For /v1/completions."""

    prompt: Annotated[list[Annotated[str, Field(min_length=1)]], BeforeValidator(listed)] = Field(
        min_length=1, max_length=MOST_CHOICES
    )

    @property
    def most_tokens(self) -> int:
        return self.max_tokens or _TEXT_TOKENS

    def prompts(self) -> Iterator[tuple[list[Turn], str]]:
        for prompt in self.prompt:
            yield [], prompt


Asked = ChatRequest | TextRequest
