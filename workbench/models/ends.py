"""Which tokens end an answer, as a model's files say."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.models.screen import read_object
from workbench.models.templates import end_of_turn_ids

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

_SETTINGS = "generation_config.json"


def end_ids(folder: Path, tokenizer: "PreTrainedTokenizerBase") -> frozenset[int]:
    """What the model in `folder` and its tokenizer call an end, and the end of a turn in the chat template."""
    settings = folder / _SETTINGS
    named: Any = read_object(settings if settings.is_file() else folder / "config.json").get("eos_token_id")
    return end_of_turn_ids(tokenizer) | as_ids(named)


def as_ids(named: int | list[int] | None) -> frozenset[int]:
    """A config names no such token, one, or several."""
    return frozenset(named if isinstance(named, list) else [] if named is None else [named])
