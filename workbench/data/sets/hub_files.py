"""The files of a dataset on the hub: fetched whole, checked, unpacked. Only the worker loads this."""

import gzip
import hashlib
import os
import shutil
import zlib
from collections.abc import Callable
from pathlib import Path, PurePosixPath

from huggingface_hub import HfFileSystem

from workbench.data.reading.records import MAX_FILE_BYTES, excerpt
from workbench.data.sets.hub_repo import Listing, RepoFile, told
from workbench.errors import DataError

_CHUNK_BYTES = 1024**2
_MOST_OF_DISK = 0.9
_OTHER = "Take another part of the dataset."


def fetch_files(listing: Listing, folder: Path, on_bytes: Callable[[int], None]) -> dict[str, Path]:
    """Bring the files into a new folder; `on_bytes` hears how many more have come. Returns where they lie, by name."""
    folder.mkdir()
    _check_room(listing, folder)
    with told(listing.request):
        return {
            name: _fetch(listing, file, folder / str(number), on_bytes)
            for number, (name, file) in enumerate(zip(_names(listing), listing.files, strict=True))
        }


def _check_room(listing: Listing, folder: Path) -> None:
    free = shutil.disk_usage(folder).free
    if listing.size > _MOST_OF_DISK * free:
        needed, left = listing.size / 1024**3, free / 1024**3
        raise DataError(f"“{listing.request.id}” has {needed:.1f} GB; {left:.1f} GB are free.", "Make room first.")


def _names(listing: Listing) -> list[str]:
    """What the files are called here: their folders become part of their names, if there are several."""
    paths = [PurePosixPath(file.unpacked_name) for file in listing.files]
    common = os.path.commonpath([path.parent for path in paths])
    return ["-".join(path.relative_to(common).parts) for path in paths]


def _fetch(listing: Listing, file: RepoFile, target: Path, on_bytes: Callable[[int], None]) -> Path:
    address = f"datasets/{listing.request.id}@{listing.commit}/{file.path}"
    arrived = hashlib.sha256()
    with HfFileSystem().open(address, "rb", block_size=0) as remote, target.open("xb") as local:
        while chunk := remote.read(_CHUNK_BYTES):
            local.write(chunk)
            arrived.update(chunk)
            on_bytes(len(chunk))
    if target.stat().st_size != file.size or file.sha256 not in ("", arrived.hexdigest()):
        raise DataError(f"“{excerpt(file.path)}” did not arrive as it was sent.", "Try again.")
    return _unpack(target, file.path) if file.is_packed else target


def _unpack(packed: Path, name: str) -> Path:
    unpacked = packed.with_name(f"{packed.name}.unpacked")
    try:
        with gzip.open(packed) as source, unpacked.open("xb") as target:
            while chunk := source.read(_CHUNK_BYTES):
                target.write(chunk)
                if target.tell() > MAX_FILE_BYTES:
                    raise DataError(f"“{excerpt(name)}” unpacks to more than 2 GB.", _OTHER)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise DataError(f"“{excerpt(name)}” cannot be unpacked.", _OTHER) from error
    packed.unlink()
    return unpacked
