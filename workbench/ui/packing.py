"""Folders as one zip file, made while it is sent."""

import io
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from typing_extensions import Buffer

_CHUNK_BYTES = 1 << 20


def pack(folders: Mapping[str, Path]) -> Iterator[bytes]:
    """A zip file of folders, each under its name, in pieces; uncompressed, since weights do not compress."""
    sink = Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive:
        for name, file in _named_files(folders):
            entry = zipfile.ZipInfo.from_file(file, name)
            with file.open("rb") as source, archive.open(entry, "w", force_zip64=True) as target:
                while piece := source.read(_CHUNK_BYTES):
                    target.write(piece)
                    yield sink.take()
    yield sink.take()


class Sink(io.RawIOBase):
    """Takes what zipfile writes and hands it on. It cannot seek, so zipfile never goes back."""

    def __init__(self) -> None:
        self._held = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Buffer) -> int:
        self._held += data
        return memoryview(data).nbytes

    def take(self) -> bytes:
        taken, self._held = bytes(self._held), bytearray()
        return taken


def _named_files(folders: Mapping[str, Path]) -> Iterator[tuple[str, Path]]:
    for name, folder in folders.items():
        for file in sorted(path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()):
            yield f"{name}/{file.relative_to(folder)}", file
