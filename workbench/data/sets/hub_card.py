"""The card of a dataset on the hub, which says where its files are: a text by strangers, not believed."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml
from huggingface_hub import hf_hub_download
from huggingface_hub.repocard import metadata_load

from workbench.data.reading.records import excerpt
from workbench.errors import DataError

README = "README.md"
UPLOAD = "Fetch its files in another way and upload them here."

_YAML = ".huggingface.yaml"
_MAX_CARD_BYTES = 5 * 1024**2


def check_card(id: str, commit: str, sizes: dict[str, int]) -> None:
    """Raises DataError if the card leads out of the repository: its patterns would be looked up wherever they point.

    `sizes` are the bytes of all files there.
    """
    for name in {README, _YAML} & sizes.keys():
        if sizes[name] > _MAX_CARD_BYTES:
            raise _bad_card(id)
        path = Path(hf_hub_download(id, name, repo_type="dataset", revision=commit))
        try:
            card = metadata_load(path) if name == README else yaml.safe_load(path.read_text(encoding="utf-8"))
        except (yaml.YAMLError, ValueError) as error:
            raise _bad_card(id) from error
        for pattern in _patterns(card):
            if leads_out(pattern):
                raise DataError(f"The card of “{id}” points outside it, to “{excerpt(pattern)}”.", UPLOAD)


@contextmanager
def readable_card(id: str) -> Iterator[None]:
    """What the `datasets` library raises for a card, in words."""
    try:
        yield
    except FileNotFoundError as error:
        raise DataError(f"“{id}” holds no files of data.", UPLOAD) from error
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise _bad_card(id) from error


def leads_out(pattern: str) -> bool:
    parts = pattern.replace("\\", "/").split("/")
    return "::" in pattern or ":/" in pattern or pattern.startswith(("/", "\\", "~")) or ".." in parts


def _patterns(card: Any) -> Iterator[str]:
    """Where a card says that the files are."""
    configs = card.get("configs") if isinstance(card, dict) else None
    for config in configs if isinstance(configs, list) else ():
        if isinstance(config, dict):
            yield from _texts([config.get("data_files"), config.get("data_dir")], set())


def _texts(value: Any, seen: set[int]) -> Iterator[str]:
    """Every text in a value; a part that stands in it many times is looked at once."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict) and id(value) not in seen:
        seen.add(id(value))
        for part in value.values() if isinstance(value, dict) else value:
            yield from _texts(part, seen)


def _bad_card(id: str) -> DataError:
    return DataError(f"The card of “{id}” cannot be understood.", UPLOAD)
