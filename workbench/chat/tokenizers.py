"""A base's tokenizer, once for each chat template that somebody who answers was trained with."""

from pathlib import Path
from typing import TYPE_CHECKING

from workbench.chat.protocol import Target
from workbench.models.tokenizer import load_tokenizer

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

_SAVED = "chat_template.jinja"


class Tokenizers:
    """Of the model in one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._loaded: dict[tuple[str, str], PreTrainedTokenizerBase] = {}

    def of(self, target: Target) -> "PreTrainedTokenizerBase":
        """With the template that was saved with the target's adapter, or else the one that its run names."""
        saved = _saved_template(target)
        key = (target.template, saved)
        if key not in self._loaded:
            self._loaded[key] = load_tokenizer(self._folder, target.template)
            if saved:
                self._loaded[key].chat_template = saved
        return self._loaded[key]


def _saved_template(target: Target) -> str:
    file = Path(target.adapter) / _SAVED
    return file.read_text(encoding="utf-8") if target.adapter and file.is_file() else ""
