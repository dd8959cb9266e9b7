"""Bringing the files of a model into the cache: what is there is not fetched again, what is damaged is not kept.

Only a process that asks the hub loads this.
"""

import os
from collections.abc import Callable
from pathlib import Path

from workbench.errors import ModelError
from workbench.hub.files import OnBytes, RemoteFile, fetch, is_intact
from workbench.jobs.room import compare_room, free_bytes
from workbench.models.hub.cache import CachedRepository, cache_folder
from workbench.models.hub.listing import Listing, told

_SPARE_BYTES = 100_000_000
"""What a disk should have left."""


def missing_bytes(listing: Listing) -> int:
    """How much is still to come."""
    return listing.size_bytes - CachedRepository.of(listing.request.id).arrived_bytes(listing.files)


def check_room(listing: Listing) -> None:
    """Raises ModelError if the cache cannot take what is still to come."""
    missing, place = missing_bytes(listing), existing(cache_folder())
    if not os.access(place, os.W_OK):
        raise ModelError(f"The folder {place} cannot be written to.", "Name another folder in HF_HUB_CACHE.")
    if missing and free_bytes(place) < missing + _SPARE_BYTES:
        message = f"There is no room for “{listing.request.id}”: {compare_room(place, missing + _SPARE_BYTES)}."
        raise ModelError(message, f"Make room on the disk of {cache_folder()}, or name another folder in HF_HUB_CACHE.")


def existing(folder: Path) -> Path:
    """The folder, or the nearest above it that is there already: it says which disk is meant."""
    return next(place for place in (folder, *folder.parents) if place.exists())


def bring(listing: Listing, on_bytes: OnBytes, on_check: Callable[[str], None]) -> None:
    """Fetch what is missing or damaged; `on_check` hears which file is being looked through."""
    repository = CachedRepository.of(listing.request.id)
    with told(listing.request):
        for file in listing.files:
            lock = repository.lock(file)
            lock.wait()
            try:
                _bring(listing, file, on_bytes, on_check)
            finally:
                lock.close()


def _bring(listing: Listing, file: RemoteFile, on_bytes: OnBytes, on_check: Callable[[str], None]) -> None:
    repository = CachedRepository.of(listing.request.id)
    blob, partial = repository.blob(file), repository.partial(file)
    if blob.exists():
        on_check(file.path)
        if is_intact(blob, file):
            return
        # Whoever asks for a model again, often does so because it is damaged.
        on_bytes(-blob.stat().st_size)
        blob.unlink()
    partial.parent.mkdir(parents=True, exist_ok=True)
    fetch(listing.place, file, partial, on_bytes)
    on_check(file.path)
    if not is_intact(partial, file):
        partial.unlink()
        message = f"{file.path} of “{listing.request.id}” did not arrive as it was sent, and was not kept."
        raise ModelError(message, "Download it again; the other files are kept.")
    with partial.open("rb") as content:
        os.fsync(content.fileno())
    partial.rename(blob)
