"""Loading a model's tokenizer: local files only, no code of theirs, and nothing imported that only a network needs."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from huggingface_hub.errors import StrictDataclassError
from transformers import AutoTokenizer, PreTrainedConfig

from workbench.errors import ModelError
from workbench.models.screen import check_tokenizer, check_tokenizer_rules, read_object
from workbench.models.templates import choose_template

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerBase

OTHER = "Copy or download the model again, or choose another."
SAFE: dict[str, Any] = {"local_files_only": True, "trust_remote_code": False}
UNREADABLE = (
    *(OSError, ValueError, TypeError, LookupError, AttributeError, RuntimeError, ImportError, ArithmeticError),
    AssertionError,
    StrictDataclassError,
)
"""What the libraries raise for a config or tokenizer that contradicts itself."""

_SAVED = "chat_template.jinja"


def load_tokenizer(folder: Path, template: str = "auto", saved: str = "") -> "PreTrainedTokenizerBase":
    """The tokenizer in `folder`, with the chat template called `template`, see `models.templates`, as its own.

    The text of one that was `saved` with an adapter counts before it: the adapter knows no other.

    A padding token is left as it is, and may be missing or the same as the end token: whoever pads a batch
    masks by length, never by looking for a token.
    """
    check_tokenizer(folder)
    check_tokenizer_rules(folder)
    try:
        tokenizer = AutoTokenizer.from_pretrained(folder, config=_kind_of(folder), **SAFE)
    except UNREADABLE as error:
        raise ModelError(f"The tokenizer in “{folder.name}” cannot be read: {one_line(error)}.", OTHER) from error
    tokenizer.chat_template = saved or choose_template(template, tokenizer)
    return tokenizer


def saved_template(adapter: Path) -> str:
    """The chat template in the folder of an adapter, "" where there is none."""
    file = adapter / _SAVED
    return file.read_text(encoding="utf-8") if file.is_file() else ""


def one_line(error: Exception) -> str:
    """What a library said, without the rest of its page."""
    return " ".join(str(error).split())[:300].rstrip(".") or type(error).__name__


def _kind_of(folder: Path) -> PreTrainedConfig | None:
    """Of the model's config as much as says which tokenizer it is, where the tokenizer's own settings name one.

    The config's own class would bring in a network's parts, which takes longer than all else here.
    """
    files = [folder / name for name in ("tokenizer_config.json", "config.json")]
    settings, given = (read_object(file) if file.is_file() else {} for file in files)
    if not settings.get("tokenizer_class"):
        return None
    config = PreTrainedConfig()
    config.name_or_path = str(folder)
    for name in ("model_type", "model_name", "tokenizer_class"):
        if isinstance(given.get(name), str):
            setattr(config, name, given[name])
    return config
