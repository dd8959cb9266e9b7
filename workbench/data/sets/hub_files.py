"""The files of a dataset on the hub: fetched whole, checked, unpacked. Only the worker loads this."""

import gzip
import os
import shutil
import zlib
from pathlib import Path, PurePosixPath

from workbench.data.reading.records import MAX_FILE_BYTES, excerpt
from workbench.data.sets.hub_repo import Listing, is_packed, told, unpacked_name
from workbench.errors import DataError
from workbench.hub.files import OnBytes, Place, RemoteFile, fetch, is_intact

_CHUNK_BYTES = 1024**2
_MOST_OF_DISK = 0.9
_OTHER = "Take another part of the dataset."


def fetch_files(listing: Listing, folder: Path, on_bytes: OnBytes) -> dict[str, Path]:
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
    paths = [PurePosixPath(unpacked_name(file.path)) for file in listing.files]
    common = os.path.commonpath([path.parent for path in paths])
    return ["-".join(path.relative_to(common).parts) for path in paths]


def _fetch(listing: Listing, file: RemoteFile, target: Path, on_bytes: OnBytes) -> Path:
    fetch(Place(listing.request.id, listing.commit, "dataset"), file, target, on_bytes)
    if not is_intact(target, file):
        raise DataError(f"“{excerpt(file.path)}” did not arrive as it was sent.", "Try again.")
    return _unpack(target, file.path) if is_packed(file.path) else target


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
