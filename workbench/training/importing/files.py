"""The files of an adapter that is to be taken in: in a folder, in a zip file, or given one by one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from workbench.data.reading.archive import open_archive, read_chunks
from workbench.data.reading.bundle import list_members
from workbench.errors import AdapterError

CONFIG, WEIGHTS, BESIDE = "adapter_config.json", "adapter_model.safetensors", "workbench.json"

_MAX_BYTES = 4 * 1024**3
_PICKLES = (".bin", ".pt", ".pth", ".pkl", ".ckpt")
_BOTH = f"An adapter is {CONFIG} and {WEIGHTS}: give both, their folder, or a zip file of it."


@dataclass(frozen=True)
class AdapterFiles:
    """Where the files lie. Nothing else that came with them is ever read."""

    source: str
    """The name of what was given."""
    config: Path
    weights: Path
    beside: Path | None
    """What this workbench writes beside an adapter: how a conversation is written for it."""


def find_files(given: Sequence[Path], staging: Path) -> AdapterFiles:
    """The files of one adapter; those of a zip file are unpacked into `staging`.

    Raises AdapterError or DataError for what is no adapter.
    """
    if len(given) == 1 and given[0].suffix.lower() == ".zip" and given[0].is_file():
        return _pick(given[0].name, _unpacked(given[0], staging))
    if len(given) == 1 and given[0].is_dir():
        return _pick(given[0].resolve().name, sorted(given[0].iterdir()))
    if missing := next((path for path in given if not path.exists()), None):
        raise AdapterError(f"There is no file or folder “{missing}”.", "Check its name.")
    weights = next((path.name for path in given if path.suffix == ".safetensors"), "")
    return _pick(weights, given)


def _pick(source: str, files: Iterable[Path]) -> AdapterFiles:
    """One that is a link is refused, since it may lead anywhere."""
    found = {path.name: path for path in files}
    weights = [path for name, path in found.items() if name.endswith(".safetensors")]
    chosen = found.get(WEIGHTS) or (weights[0] if len(weights) == 1 else None)
    if chosen is None:
        raise _no_weights(list(found))
    if CONFIG not in found:
        raise AdapterError(f"There is no {CONFIG} beside {chosen.name}.", _BOTH)
    for path in (found[CONFIG], chosen):
        if path.is_symlink() or not path.is_file():
            raise AdapterError(f"{path.name} is a link or no file.", "Copy the file itself to that place.")
    if chosen.stat().st_size > _MAX_BYTES:
        raise AdapterError(f"{chosen.name} is larger than {_MAX_BYTES >> 30} GB.", "That is no adapter.")
    beside = found.get(BESIDE)
    return AdapterFiles(source, found[CONFIG], chosen, beside if beside and not beside.is_symlink() else None)


def _no_weights(names: list[str]) -> AdapterError:
    pickle = next((name for name in names if name.endswith(_PICKLES)), "")
    if pickle:
        told = f"The adapter is in {pickle}, a kind of file that can run programs."
        return AdapterError(told, "Only safetensors adapters are taken; look for one.")
    return AdapterError(f"There is no {WEIGHTS} here.", _BOTH)


def _unpacked(path: Path, staging: Path) -> list[Path]:
    """The files that make an adapter, out of the one folder of the archive that holds its config."""
    with open_archive(path, _MAX_BYTES) as archive:
        members = list_members(archive, path.name)
        places = [PurePosixPath(name).parent for name in members if PurePosixPath(name).name == CONFIG]
        if len(places) > 1:
            raise AdapterError(f"“{path.name}” holds {len(places)} adapters.", "Give one at a time.")
        wanted = {
            name: PurePosixPath(name).name
            for name in members
            if places and PurePosixPath(name).parent == places[0] and name.endswith((".json", ".safetensors"))
        }
        if not places:
            raise _no_weights(list(members)) if not _has_weights(members) else _no_config(path)
        for name, file_name in wanted.items():
            with (staging / file_name).open("xb") as file:
                for chunk in read_chunks(archive, members[name]):
                    file.write(chunk)
    return [staging / file_name for file_name in wanted.values()]


def _has_weights(names: Iterable[str]) -> bool:
    return any(name.endswith(".safetensors") for name in names)


def _no_config(path: Path) -> AdapterError:
    return AdapterError(f"There is no {CONFIG} in “{path.name}”.", _BOTH)
