"""How the letters of a text file are stored: what was chosen, whether that can be, and what it probably is instead."""

import codecs
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from workbench.data.reading.alphabets import CENTRAL, WESTERN, fitness
from workbench.data.reading.checks import HEAD_BYTES, is_binary, zeros
from workbench.data.reading.kinds import kind_of
from workbench.data.reading.records import MAX_FILE_BYTES
from workbench.errors import DataError

ENCODINGS = ("utf-8", "utf-16", "latin-1", "windows-1250", "windows-1252")
"""What the setting data.encoding may say."""

_CHUNK_BYTES = 1024**2
_SAMPLE_BYTES = 64 * 1024
_SAMPLE_CHARACTERS = 300
_SAVE_AS_UTF8 = "open it in the program it came from and save it as UTF-8 (in a spreadsheet: “CSV UTF-8”)"

# Latin-1 has control characters here that no text holds; the Windows encodings have quotes and dashes.
_NO_LATIN = re.compile(rb"[\x80-\x9f]")
_NOT_ASCII = re.compile(r"[^\x00-\x7f]")


@dataclass(frozen=True)
class Candidate:
    """An encoding a file may be stored in, and how its text reads then."""

    encoding: str
    sample: str


@dataclass(frozen=True)
class _Fault:
    """The first byte that cannot be decoded."""

    offset: int
    line: int


@contextmanager
def open_text(path: Path, encoding: str, newline: str | None = None) -> Iterator[TextIO]:
    """The text of a file. Raises DataError, at the latest where it is read, if it is not stored as `encoding`."""
    codec = _codec(path, encoding)
    with path.open(encoding=codec, newline=newline) as stream:
        try:
            yield stream
        except UnicodeDecodeError:
            raise _not_stored_as(path, encoding, codec) from None


def candidates(path: Path) -> list[Candidate]:
    """For a text file that is not UTF-8: what it may be, likeliest first. Nothing for any other file."""
    if not path.is_file() or path.stat().st_size > MAX_FILE_BYTES:
        return []
    head = _head(path)
    if codec := _utf16_codec(head):
        return [Candidate("utf-16", _excerpt(head.decode(codec, "replace")))]
    if kind_of(head) or is_binary(head):
        return []
    fault = _first_fault(path, "utf-8")
    return _guesses(_around(path, fault.offset)) if fault else []


def _guesses(sample: bytes) -> list[Candidate]:
    if _is_damaged_utf8(sample):
        return []
    alphabets = {"latin-1": WESTERN, "windows-1252": WESTERN, "windows-1250": CENTRAL}
    if _NO_LATIN.search(sample):
        del alphabets["latin-1"]
    readings = {encoding: _decoded(sample, encoding) for encoding in alphabets}
    fits = {encoding: fitness(text, alphabets[encoding]) for encoding, text in readings.items() if text}
    ranked = sorted(fits, key=lambda encoding: -fits[encoding])
    return [Candidate(encoding, _excerpt(readings[encoding])) for encoding in ranked]


def _decoded(sample: bytes, encoding: str) -> str:
    try:
        return sample.decode(encoding)
    except UnicodeDecodeError:
        return ""


def _is_damaged_utf8(sample: bytes) -> bool:
    """Whether most letters are UTF-8 after all: what looks like that by chance is very rare."""
    text = sample.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    return len(_NOT_ASCII.findall(text)) - broken > broken


def _excerpt(text: str) -> str:
    """Some text around the first letters that are stored in more than one way, with its line breaks."""
    first = _NOT_ASCII.search(text.removeprefix("\ufeff"))
    start = max(0, first.start() - _SAMPLE_CHARACTERS // 3) if first else 0
    return text.removeprefix("\ufeff")[start : start + _SAMPLE_CHARACTERS].replace("\0", " ")


def _codec(path: Path, encoding: str) -> str:
    """The name by which Python reads `encoding`. Raises DataError where the file is surely something else."""
    head = _head(path)
    utf16 = _utf16_codec(head)
    if encoding == "utf-16" and utf16:
        return utf16
    if utf16:
        raise DataError(
            f"“{path.name}” is stored as UTF-16, not {_label(encoding)}.",
            f"Choose the encoding utf-16 (data.encoding), or {_SAVE_AS_UTF8}.",
        )
    if encoding == "utf-8":
        return "utf-8-sig"
    if encoding == "utf-16" or _is_utf8_with_letters(path):
        raise _not_stored_as(path, encoding, encoding)
    if encoding == "latin-1":
        _check_latin(path)
    return encoding


def _not_stored_as(path: Path, encoding: str, codec: str) -> DataError:
    if encoding == "utf-8":
        return _not_utf8(path)
    what = f"“{path.name}” is not stored as {_label(encoding)}"
    if not _first_fault(path, "utf-8"):
        return DataError(f"{what}, but as UTF-8.", "Set the encoding (data.encoding) back to utf-8.")
    fault = _first_fault(path, codec)
    likely = [candidate.encoding for candidate in candidates(path) if candidate.encoding != encoding]
    hint = f"Choose the encoding {likely[0]} (data.encoding)" if likely else "Choose another encoding (data.encoding)"
    return DataError(f"{what}{f' (line {fault.line})' if fault else ''}.", f"{hint}, or {_SAVE_AS_UTF8}.")


def _not_utf8(path: Path) -> DataError:
    fault = _first_fault(path, "utf-8")
    line = fault.line if fault else 1
    likely = candidates(path)
    if not likely:
        hint = "Mend that letter, or save the file as UTF-8 again."
        return DataError(f"“{path.name}” is not stored as UTF-8 (line {line}): a letter is damaged.", hint)
    others = " or ".join(candidate.encoding for candidate in likely[1:])
    return DataError(
        f"“{path.name}” is not stored as UTF-8 (line {line}), but probably as {likely[0].encoding}.",
        f"Choose the encoding {likely[0].encoding} (data.encoding){f', or try {others}' if others else ''}; "
        f"or {_SAVE_AS_UTF8}.",
    )


def _check_latin(path: Path) -> None:
    line = 1
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            if found := _NO_LATIN.search(chunk):
                line += chunk[: found.start()].count(b"\n")
                what = f"“{path.name}” holds the byte 0x{found[0].hex()} (line {line}), which is no letter in Latin-1."
                raise DataError(what, "Choose the encoding windows-1252 (data.encoding), which is much like it.")
            line += chunk.count(b"\n")


def _is_utf8_with_letters(path: Path) -> bool:
    """Whether the beginning of a file has letters beyond ASCII, all of them stored as UTF-8."""
    with path.open("rb") as file:
        sample = file.read(_CHUNK_BYTES)
    try:
        return bool(_NOT_ASCII.search(codecs.getincrementaldecoder("utf-8")().decode(sample)))
    except UnicodeDecodeError:
        return False


def _utf16_codec(head: bytes) -> str:
    """How Python calls the UTF-16 that a file begins with; nothing if it is none."""
    if head.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return ""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    even, odd = zeros(head)
    if even < 0.1 and odd > 0.3:
        return "utf-16-le"
    return "utf-16-be" if odd < 0.1 and even > 0.3 else ""


def _first_fault(path: Path, codec: str) -> _Fault | None:
    decoder = codecs.getincrementaldecoder(codec)()
    offset, line = 0, 1
    with path.open("rb") as file:
        while True:
            chunk = file.read(_CHUNK_BYTES)
            try:
                line += decoder.decode(chunk, final=not chunk).count("\n")
            except UnicodeDecodeError as error:
                # What is decoded may begin with bytes kept from the chunk before.
                start = offset + len(chunk) - len(error.object) + error.start
                return _Fault(start, line + error.object[: error.start].count(b"\n"))
            if not chunk:
                return None
            offset += len(chunk)


def _around(path: Path, offset: int) -> bytes:
    with path.open("rb") as file:
        file.seek(max(0, offset - _SAMPLE_BYTES // 16))
        return file.read(_SAMPLE_BYTES)


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(HEAD_BYTES)


def _label(encoding: str) -> str:
    return {"utf-8": "UTF-8", "utf-16": "UTF-16", "latin-1": "Latin-1"}.get(encoding, encoding)
