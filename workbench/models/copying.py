"""Bringing a model from another computer: where it goes, which files it needs, and what is still missing."""

import re
from dataclasses import dataclass
from pathlib import Path

from workbench.errors import ModelError
from workbench.hub.names import ID, MAX_CHARACTERS, fits
from workbench.models.catalog import STARTER, find, names
from workbench.models.facts import facts
from workbench.models.hub.cache import CachedRepository
from workbench.models.screen import read_object
from workbench.models.weights import MAX_INDEX_BYTES

_NAME = r"[A-Za-z0-9][\w.-]*"
_SINGLE = "model.safetensors"
_INDEX = "model.safetensors.index.json"
_SHARD = re.compile(r"model-(\d{5})-of-(\d{5})\.safetensors")


@dataclass(frozen=True)
class Needed:
    """A file that a model consists of, and whether it has come."""

    name: str
    purpose: str
    is_there: bool
    is_optional: bool = False


@dataclass(frozen=True)
class CopyGuide:
    """How far the copying is. Ask again after copying."""

    name: str
    """What the list of models will call it."""
    folder: Path
    """Where its files go."""
    cached: Path | None
    """Where its folder of another Hugging Face cache may go instead; None for what is no name of the hub."""
    files: tuple[Needed, ...]
    problem: str
    """What is wrong with what has come; empty while it is only not everything."""
    complete: bool

    @property
    def missing(self) -> list[str]:
        return [file.name for file in self.files if not file.is_there and not file.is_optional]

    def sentence(self) -> str:
        """How far it is, for a person."""
        if self.complete:
            return f"Everything is there: {self.name} can be chosen now."
        if self.missing and not self.problem:
            return f"Still missing: {', '.join(self.missing)}."
        return self.problem


def guide(root: Path, typed: str) -> CopyGuide:
    """What to copy where for a model, named as on the hub or as its folder is to be called.

    Raises ModelError for what can be neither.
    """
    typed = typed.strip()
    name = _folder_name(typed)
    if fits(ID, typed) and typed in names(root) and facts(cached := find(typed, root)).tunable:
        return CopyGuide(typed, cached, None, tuple(_needed(cached)), problem="", complete=True)
    folder = root / "models" / name
    files = tuple(_needed(folder))
    is_all_there = all(file.is_there or file.is_optional for file in files)
    known = facts(folder) if folder.is_dir() else None
    complete = known is not None and known.tunable
    reason = known.reason if known and is_all_there else None
    return CopyGuide(
        name=name,
        folder=folder,
        cached=CachedRepository.of(typed).folder if fits(ID, typed) else None,
        files=files,
        problem="" if complete else _misplaced(folder) or reason or "",
        complete=complete,
    )


def _folder_name(typed: str) -> str:
    name = typed.rpartition("/")[2] if fits(ID, typed) else typed
    if not fits(_NAME, name):
        message = f"“{typed[:MAX_CHARACTERS]}” is neither a model of the hub nor the name of a folder."
        raise ModelError(message, "Write it as on the hub, such as org/name, or the folder's name alone.")
    if name == STARTER:
        raise ModelError(f"“{STARTER}” is the practice model, which is here already.", "Give it another name.")
    return name


def _needed(folder: Path) -> list[Needed]:
    there = {path.name for path in folder.iterdir() if path.is_file()} if folder.is_dir() else set()
    needed = [Needed("config.json", "what kind of model it is", "config.json" in there)]
    if {"vocab.json", "merges.txt"} <= there:
        needed += [Needed(name, "how text becomes tokens", is_there=True) for name in ("vocab.json", "merges.txt")]
    else:
        needed.append(Needed("tokenizer.json", "how text becomes tokens", "tokenizer.json" in there))
    needed += [Needed(name, "the weights", name in there) for name in _weights(folder, there)]
    optional = {"tokenizer_config.json": "its chat template and special words", "README.md": "its licence"}
    # Newer models bring their template as a file of its own.
    optional |= {"chat_template.jinja": "its chat template"} if "chat_template.jinja" in there else {}
    return needed + [Needed(name, why, name in there, is_optional=True) for name, why in optional.items()]


def _weights(folder: Path, there: set[str]) -> list[str]:
    """One file, or several and their index: which of them is told by what has come."""
    shards = sorted(name for name in there if _SHARD.fullmatch(name))
    if _SINGLE in there or not (shards or _INDEX in there):
        return [_SINGLE]
    count = next((int(name[-17:-12]) for name in shards), 0)
    expected = [f"model-{number:05}-of-{count:05}.safetensors" for number in range(1, count + 1)]
    return [_INDEX, *(expected or _indexed(folder))]


def _indexed(folder: Path) -> list[str]:
    try:
        places = read_object(folder / _INDEX, MAX_INDEX_BYTES).get("weight_map")
    except ModelError:
        return []
    listed = {str(name) for name in places.values()} if isinstance(places, dict) else set()
    return sorted(name for name in listed if _SHARD.fullmatch(name))


def _misplaced(folder: Path) -> str:
    """A folder of the Hugging Face cache looks like a model's, and is none."""
    inner = folder / folder.name
    if inner.is_dir() and (inner / "config.json").exists():
        return f"The files lie one folder too deep, in {inner}. Move them to {folder}."
    if (folder / "snapshots").is_dir():
        return f"{folder.name} is a folder of the Hugging Face cache. Copy what is in one of its snapshots instead."
    return ""
