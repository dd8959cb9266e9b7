"""Zip files, which may lie about their size or be made to fill a disk: looked at as a whole before anything is read."""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from workbench.data.reading.records import MAX_UNPACKED_BYTES
from workbench.errors import DataError

MAX_MEMBERS = 1000
MAX_RATIO = 200

_CHUNK_BYTES = 1024**2
_DIRECTORY_BYTES = 1024**2
_SMALL_BYTES = 1024**2
_MAKE_AGAIN = "Make it again, or copy it again from where it came."

# At the end of each archive: where its list of members stands, and how long that is; twice in very large ones.
_END, _END_BYTES, _COMMENT_BYTES = b"PK\x05\x06", 22, 65535
_END_64, _LOCATOR_64, _BOTH_64_BYTES = b"PK\x06\x06", b"PK\x06\x07", 76


@contextmanager
def open_archive(path: Path, largest_bytes: int = MAX_UNPACKED_BYTES) -> Iterator[zipfile.ZipFile]:
    """A zip file whose list of members is sane. Raises DataError."""
    _check_directory(path)
    with _refused_if_damaged(path):
        archive = zipfile.ZipFile(path)
    with archive:
        _check_members(archive.infolist(), path.name, largest_bytes)
        yield archive


def read_chunks(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """The bytes of a member, never more than it was declared to have. Raises DataError."""
    left = member.file_size
    with _refused_if_damaged(Path(archive.filename or "")), archive.open(member) as file:
        while chunk := file.read(_CHUNK_BYTES):
            left -= len(chunk)
            if left < 0:
                raise zipfile.BadZipFile(f"“{member.filename}” is larger than it says")
            yield chunk
        if left:
            raise zipfile.BadZipFile(f"“{member.filename}” is smaller than it says")


@contextmanager
def _refused_if_damaged(path: Path) -> Iterator[None]:
    try:
        yield
    # What zipfile raises for damage, and for ways of packing that it does not know.
    except (zipfile.BadZipFile, zlib.error, struct.error, OSError, EOFError, ValueError, RuntimeError) as error:
        raise DataError(f"“{path.name}” is damaged: {error}.", _MAKE_AGAIN) from None


def _check_directory(path: Path) -> None:
    """Raises DataError before a list of a million members is taken into memory."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _END_BYTES - _COMMENT_BYTES - _BOTH_64_BYTES))
        tail = file.read()
    end = tail.rfind(_END)
    if end < 0 or end + _END_BYTES > len(tail):
        raise DataError(f"“{path.name}” is damaged: its end is missing.", _MAKE_AGAIN)
    (size,) = struct.unpack_from("<L", tail, end + 12)
    start_64 = end - _BOTH_64_BYTES
    if start_64 >= 0 and tail.startswith(_END_64, start_64) and tail.startswith(_LOCATOR_64, end - 20):
        (size,) = struct.unpack_from("<Q", tail, start_64 + 40)
    if size > _DIRECTORY_BYTES:
        raise _too_many(path.name)


def _check_members(members: list[zipfile.ZipInfo], name: str, largest_bytes: int) -> None:
    if len(members) > MAX_MEMBERS:
        raise _too_many(name)
    unpacked = sum(member.file_size for member in members)
    if unpacked > largest_bytes:
        raise DataError(f"“{name}” unpacks to {unpacked / 1024**3:.1f} GB.", f"Keep it under {largest_bytes >> 30} GB.")
    # The ratio is that of each by itself: a bomb could hide behind a file that hardly shrinks.
    for member in members:
        if member.flag_bits & 1:
            raise DataError(f"“{name}” is locked with a password.", "Make it again without one.")
        if member.file_size > max(_SMALL_BYTES, MAX_RATIO * member.compress_size):
            ratio = f"{member.file_size // max(1, member.compress_size):,}"
            what = f"“{member.filename[:100]}” in “{name}” unpacks to {ratio} times its size, as no real file does."
            raise DataError(what, "Take it out of the archive.")


def _too_many(name: str) -> DataError:
    return DataError(f"“{name}” holds more than {MAX_MEMBERS:,} files.", "Keep those that matter.")
