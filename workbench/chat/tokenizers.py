"""A base's tokenizer, once for each chat template that somebody who answers was trained with."""

from pathlib import Path
from typing import TYPE_CHECKING

from workbench.chat.protocol import Target
from workbench.models.tokenizer import load_tokenizer, saved_template

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase


class Tokenizers:
    """Of the model in one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._loaded: dict[tuple[str, str], PreTrainedTokenizerBase] = {}

    def of(self, target: Target) -> "PreTrainedTokenizerBase":
        """With the template that was saved with the target's adapter, or else the one that its run names."""
        saved = saved_template(Path(target.adapter)) if target.adapter else ""
        key = (target.template, saved)
        if key not in self._loaded:
            self._loaded[key] = load_tokenizer(self._folder, target.template, saved)
        return self._loaded[key]
