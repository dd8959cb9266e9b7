"""What client and worker say to each other: one JSON object a line. No torch."""

from dataclasses import asdict, dataclass, field
from typing import Any, Literal, Self

from workbench.config.sampling import Sampling

Turn = dict[str, str]
"""`role` and `content` of a message."""


@dataclass(frozen=True)
class Target:
    """Who answers what: the base itself (`adapter` empty) or one of its adapters, by folder."""

    name: str
    messages: tuple[Turn, ...]
    adapter: str = ""
    merged: str = ""
    """The folder of an adapter that is merged into the base beneath this one, if it was built on one."""


@dataclass(frozen=True)
class Question:
    """Conversations with one base model and any of its adapters, answered side by side."""

    model: str
    """Folder of the base model."""
    precision: str
    template: str
    targets: tuple[Target, ...]
    sampling: Sampling = field(default_factory=Sampling)
    quantization: str = "none"
    double_quantization: bool = True
    quantization_block_size: int = 64

    def to_json(self) -> dict[str, Any]:
        return asdict(self) | {"sampling": self.sampling.model_dump()}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        data = data | {
            "targets": tuple(Target(**target) for target in data["targets"]),
            "sampling": Sampling(**data["sampling"]),
        }
        return cls(**data)


@dataclass(frozen=True)
class Event:
    """What the worker says: it loads, it adds text to an answer, an answer is done, all is done, or it failed."""

    kind: Literal["loading", "text", "done", "end", "error"]
    target: str = ""
    text: str = ""
    hint: str = ""
    reason: str = ""
    """Why an answer is done: its end, the longest length, a full context, or a stop."""
    tokens: int = 0
    seconds: float = 0.0
    first_seconds: float = 0.0
    """Until the first token."""

    def to_json(self) -> dict[str, Any]:
        return {key: value for key, value in asdict(self).items() if value}
