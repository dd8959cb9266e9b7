"""A model's tokenizer and how it writes conversations, in files that say nothing of where they were read."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.models.tokenizer import load_tokenizer, saved_template
from workbench.runs.run_dir import RunDir

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

_OF_PLACE = frozenset(
    {
        *("name_or_path", "_name_or_path", "is_local", "local_files_only", "cache_dir", "special_tokens_map_file"),
        *("tokenizer_file", "vocab_file", "merges_file", "auto_map"),
    }
)
"""What libraries note of the folder that something was read from, or of code in it."""


def tokenizer_of(run: RunDir, base: Path) -> "PreTrainedTokenizerBase":
    """That of its model, with the chat template that the run learned with as its own."""
    return load_tokenizer(base, run.config().data.template, saved_template(run.adapter_dir))


def write_tokenizer(run: RunDir, base: Path, folder: Path) -> None:
    for name in tokenizer_of(run, base).save_pretrained(str(folder)):
        path = Path(name)
        if path.name in ("tokenizer_config.json", "special_tokens_map.json"):
            write_settings(path, json.loads(path.read_text(encoding="utf-8")))


def write_settings(path: Path, settings: dict[str, Any]) -> None:
    """A file of JSON that others read, without what is so of this computer alone."""
    path.write_text(json.dumps(without_places(settings), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def without_places(value: Any) -> Any:
    """The same without what is said of folders, at any depth."""
    if isinstance(value, dict):
        return {name: without_places(inner) for name, inner in value.items() if name not in _OF_PLACE}
    return [without_places(inner) for inner in value] if isinstance(value, list) else value
