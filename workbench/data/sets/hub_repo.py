"""What a dataset of the hub consists of: configurations, splits and files. Only the worker loads this."""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

import datasets
from datasets.data_files import DataFilesDict
from huggingface_hub import HfApi

from workbench.data.reading.records import MAX_FILE_BYTES, excerpt
from workbench.data.sets.hub import HubRequest
from workbench.data.sets.hub_card import README, UPLOAD, check_card, leads_out, readable_card
from workbench.data.sets.originals import READABLE
from workbench.errors import DataError
from workbench.hub import answers
from workbench.hub.answers import Asked
from workbench.hub.files import RemoteFile
from workbench.hub.token import token

_AS_PARQUET = "Ask for the revision refs/convert/parquet: there the hub keeps many of them as plain files."


@dataclass(frozen=True)
class Listing:
    """The files of one split of one configuration, at one commit."""

    request: HubRequest
    commit: str
    config: str
    split: str
    files: tuple[RemoteFile, ...]

    @property
    def size(self) -> int:
        return sum(file.size for file in self.files)


def resolve(request: HubRequest, cache: Path) -> Listing:
    """Find out what to fetch. Raises DataError where there is nothing, or more than one choice."""
    with told(request):
        info = HfApi(token=token()).dataset_info(request.id, revision=request.revision or None, files_metadata=True)
        there = {file.rfilename: RemoteFile.of(file) for file in info.siblings or ()}
        commit = str(info.sha)
        _refuse_script(request.id, list(there))
        check_card(request.id, commit, {path: file.size for path, file in there.items()})
        config = _choose_config(request, commit)
        with readable_card(request.id):
            builder = datasets.load_dataset_builder(
                request.id, config, revision=commit, cache_dir=str(cache / "datasets")
            )
    split, addresses = _choose_split(request, builder.config.data_files or DataFilesDict())
    files = tuple(there[_path_in(address, request.id, commit)] for address in addresses)
    for file in files:
        _check_file(request.id, file)
    return Listing(request, commit, config, split, files)


def told(request: HubRequest) -> AbstractContextManager[None]:
    """What goes wrong between here and the hub, in words."""
    return answers.told(Asked("dataset", request.id, request.revision, DataError))


def is_packed(path: str) -> bool:
    return path.lower().endswith(".gz")


def unpacked_name(path: str) -> str:
    return path[:-3] if is_packed(path) else path


def _refuse_script(id: str, names: list[str]) -> None:
    """Datasets used to be programs; one that still is, is not run."""
    script = f"{id.split('/')[1]}.py"
    data = [name for name in names if _is_readable(name) and name != README]
    programs = [name for name in names if name.endswith(".py")]
    if script in names or (programs and not data):
        name = script if script in names else programs[0]
        raise DataError(f"“{id}” is made by a program, {name}, which is not run here.", _AS_PARQUET)


def _choose_config(request: HubRequest, commit: str) -> str:
    with readable_card(request.id):
        names = datasets.get_dataset_config_names(request.id, revision=commit)
        usual = datasets.get_dataset_default_config_name(request.id, revision=commit)
    chosen = request.config or usual or (names[0] if len(names) == 1 else "")
    if chosen in names:
        return chosen
    listed = ", ".join(names[:20])
    if chosen:
        raise DataError(f"“{request.id}” has no configuration “{chosen}”.", f"It has {listed}.")
    raise DataError(f"“{request.id}” has several configurations.", f"Choose one of {listed}.")


def _choose_split(request: HubRequest, data_files: DataFilesDict) -> tuple[str, list[str]]:
    splits = {str(split): list(addresses) for split, addresses in data_files.items()}
    chosen = request.split or ("train" if "train" in splits else next(iter(splits), ""))
    if chosen in splits and (request.split or chosen == "train" or len(splits) == 1):
        return chosen, splits[chosen]
    listed = ", ".join(splits) or "none"
    if request.split:
        raise DataError(f"“{request.id}” has no split “{request.split}”.", f"It has {listed}.")
    raise DataError(f"“{request.id}” has no split called train.", f"Choose one of {listed}.")


def _path_in(address: str, id: str, commit: str) -> str:
    """The path of a file within the repository; whatever leads elsewhere is refused."""
    start = f"hf://datasets/{id}@{commit}/"
    path = address.removeprefix(start)
    if path == address or leads_out(path):
        raise DataError(f"A file of “{id}” lies outside it, at “{excerpt(address)}”.", UPLOAD)
    return path


def _check_file(id: str, file: RemoteFile) -> None:
    if not _is_readable(unpacked_name(file.path)):
        raise DataError(f"“{id}” holds “{excerpt(file.path)}”, which is no text.", f"Use {', '.join(READABLE)}.")
    if file.size > MAX_FILE_BYTES:
        raise DataError(f"“{excerpt(file.path)}” has {file.size / 1024**3:.1f} GB; the limit is 2 GB.", UPLOAD)


def _is_readable(name: str) -> bool:
    return Path(name).suffix.lower() in READABLE
