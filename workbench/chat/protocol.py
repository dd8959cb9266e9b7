"""What client and worker say to each other: one JSON object a line. No torch."""

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal, Self

from workbench.config.sampling import Sampling
from workbench.errors import ModelError

Turn = dict[str, str]
"""`role` and `content` of a message."""

REFUSED = "refused"
"""The reason of an error that lies in what was asked."""

LLAMA = "llama.cpp"
"""The engine of a question to a GGUF file."""


@dataclass(frozen=True)
class Target:
    """Who answers what: the base itself (`adapter` empty) or one of its adapters, by folder or file."""

    name: str
    messages: tuple[Turn, ...] = ()
    adapter: str = ""
    merged: str = ""
    """The folder of an adapter that is merged into the base beneath this one, if it was built on one."""
    strength: float = 1.0
    """Of what the adapter adds: 0 is the base, 1 as it was trained."""
    template: str = "auto"
    """Of `data.template`, by which messages become text."""
    text: str = ""
    """Plain text to go on with, where there are no messages."""


@dataclass(frozen=True)
class Question:
    """Conversations with one base model and any of its adapters, answered side by side."""

    model: str
    """Folder of the base model, or a GGUF file; adapters are LoRA files then."""
    precision: str
    targets: tuple[Target, ...]
    sampling: Sampling = field(default_factory=Sampling)
    quantization: str = "none"
    double_quantization: bool = True
    quantization_block_size: int = 64
    engine: str = "auto"
    """Of `hardware.engine`: standard keeps it off the fast path. LLAMA is for GGUF files."""

    @property
    def base(self) -> tuple[str | bool | int, ...]:
        """What must be the same for a loaded base to serve another question."""
        return (self.model, self.precision, self.engine, *self.held)

    @property
    def held(self) -> tuple[str, bool, int]:
        """How the base's weights are quantised."""
        return self.quantization, self.double_quantization, self.quantization_block_size

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
    """What the worker says about a question.

    It waits for others, the model loads or is loaded, an answer begins, goes on or is done, all are, or it failed.
    """

    kind: Literal["waiting", "loading", "loaded", "begun", "text", "done", "end", "error"]
    target: str = ""
    text: str = ""
    """What the answer goes on with; of a beginning, the whole prompt as the model reads it."""
    hint: str = ""
    reason: str = ""
    """Why an answer is done: its end, the longest length, a full context, or a stop. Why what was loaded is not on the
    fast path, and why an answer that begins is not written in one batch with the others: a sentence, "" where it is.
    Of an error, REFUSED where asking the same again would fail again."""
    tokens: int = 0
    """Of the answer; of a beginning, of its prompt."""
    seconds: float = 0.0
    first_seconds: float = 0.0
    """Until the first token."""
    asked: int = 0
    """Which question it is about, by its client's count."""

    def to_json(self) -> dict[str, Any]:
        return {key: value for key, value in vars(self).items() if value}


def versions(targets: tuple[Target, ...]) -> dict[str, int]:
    """Of the targets' adapters, by folder: a run that went on after a stop has written its adapter anew."""
    folders = [target.adapter for target in targets if target.adapter]
    files = {folder: Path(folder).rglob("*.safetensors") for folder in folders}
    return {folder: max((file.stat().st_mtime_ns for file in found), default=0) for folder, found in files.items()}


def missing(targets: tuple[Target, ...]) -> list[str]:
    """The names of those whose folder or file is gone."""
    return [target.name for target in targets if target.adapter and not Path(target.adapter).exists()]


def check_there(targets: tuple[Target, ...]) -> None:
    """Raises ModelError if the folder or file of one is gone."""
    for name in missing(targets):
        raise ModelError(f"What answers as {name} is not there any more.", "Choose another.")
