"""The first look at a file: is it there, is it text, and is it UTF-8."""

import codecs
from pathlib import Path

from workbench.data.reading.records import MAX_FILE_BYTES
from workbench.errors import DataError

_CHUNK_BYTES = 1024**2
_SAVE_AS_UTF8 = "Open it in the program it came from and save it as UTF-8 (in a spreadsheet: “CSV UTF-8”)."
_NOT_TEXT = "Use a JSON, JSONL, CSV, TSV, TXT or MD file."
_KINDS = {
    b"PK\x03\x04": "a zip archive or an office document",
    b"%PDF": "a PDF",
    b"PAR1": "a Parquet file",
    b"\x1f\x8b": "a gzip archive",
    b"\x89PNG": "an image",
    b"\xff\xd8\xff": "an image",
}


def check(path: Path) -> None:
    """Raises DataError unless this is a UTF-8 text file."""
    _check_place(path)
    try:
        with path.open("rb") as file:
            _check_kind(path.name, file.read(8192))
    except PermissionError:
        raise DataError(f"“{path.name}” may not be read.", "Change its permissions, or copy it.") from None
    _check_text(path)


def _check_place(path: Path) -> None:
    if path.is_dir():
        raise DataError(f"“{path}” is a folder.", "Name one file in it.")
    if not path.is_file():
        raise DataError(f"There is no file “{path}”.", "Check its name and its folder.")
    size = path.stat().st_size
    if size == 0:
        raise DataError(f"“{path.name}” is empty.", "Put at least one example into it.")
    if size > MAX_FILE_BYTES:
        raise DataError(f"“{path.name}” has {size / 1024**3:.1f} GB; the limit is 2 GB.", "Split it into parts.")


def _check_kind(name: str, head: bytes) -> None:
    for magic, kind in _KINDS.items():
        if head.startswith(magic):
            raise DataError(f"“{name}” is {kind}, not text.", _NOT_TEXT)
    zeros = head.count(0)
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or 0.3 * len(head) < zeros <= 0.6 * len(head):
        raise DataError(f"“{name}” is stored as UTF-16, not UTF-8.", _SAVE_AS_UTF8)
    control = zeros + sum(byte < 32 and byte not in b"\t\n\r\f\v\0" for byte in head)
    if control > 0.1 * len(head):
        raise DataError(f"“{name}” is not a text file.", _NOT_TEXT)


def _check_text(path: Path) -> None:
    decoder = codecs.getincrementaldecoder("utf-8")()
    line = 1
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            _decode(decoder, chunk, path.name, line)
            line += chunk.count(b"\n")
    _decode(decoder, b"", path.name, line)


def _decode(decoder: codecs.IncrementalDecoder, chunk: bytes, name: str, line: int) -> None:
    try:
        decoder.decode(chunk, final=not chunk)
    except UnicodeDecodeError as error:
        line += error.object[: error.start].count(b"\n")
        raise DataError(f"“{name}” is not stored as UTF-8 (line {line}).", _SAVE_AS_UTF8) from None
