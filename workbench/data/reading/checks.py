"""The first look at a file: is it there, and is it what its ending says?"""

from pathlib import Path

from workbench.data.reading.kinds import INSTEAD, kind_of
from workbench.data.reading.records import MAX_FILE_BYTES
from workbench.errors import DataError

HEAD_BYTES = 8192

_TEXT_CONTROLS = b"\t\n\r\f\v\x1a\x1b"


def check_place(path: Path) -> None:
    """Raises DataError unless there is a file, of a size that can be read."""
    if path.is_dir():
        raise DataError(f"“{path}” is a folder.", "Name one file in it.")
    if not path.is_file():
        raise DataError(f"There is no file “{path}”.", "Check its name and its folder.")
    size = path.stat().st_size
    if size == 0:
        raise DataError(f"“{path.name}” is empty.", "Put at least one example into it.")
    if size > MAX_FILE_BYTES:
        raise DataError(f"“{path.name}” has {size / 1024**3:.1f} GB; the limit is 2 GB.", "Split it into parts.")


def check_kind(path: Path, magic: bytes) -> None:
    """Raises DataError unless a file begins as its kind does: with `magic`, or else with text."""
    try:
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
    except PermissionError:
        raise DataError(f"“{path.name}” may not be read.", "Change its permissions, or copy it.") from None
    if magic:
        _check_magic(path, magic, head)
    else:
        _check_text(path, head)


def unreadable(path: Path, suffixes: tuple[str, ...]) -> DataError:
    """Why a file of this ending cannot be read, and what to save instead."""
    suffix = path.suffix.lower()
    if suffix in INSTEAD:
        kind, hint = INSTEAD[suffix]
        return DataError(f"“{path.name}” is {kind}, which cannot be read as data.", hint)
    kind = f"a {suffix} file" if suffix else "a file without an ending"
    return DataError(f"“{path.name}” is {kind}, which cannot be read as data.", f"Use one of {', '.join(suffixes)}.")


def is_binary(head: bytes) -> bool:
    """Whether bytes are no text in any encoding of one byte a letter."""
    control = sum(byte < 32 and byte not in _TEXT_CONTROLS for byte in head)
    return control > 0.05 * len(head)


def zeros(head: bytes) -> tuple[float, float]:
    """The share of zero bytes in even and in odd places, which tells UTF-16 from text and from binary files."""
    half = max(1, len(head) // 2)
    return head[0::2].count(0) / half, head[1::2].count(0) / half


def _check_magic(path: Path, magic: bytes, head: bytes) -> None:
    if head.startswith(magic):
        return
    kind = kind_of(head) or "not what its ending says"
    hint = "Save it again in the program it came from; if it has a password, without the password."
    raise DataError(f"“{path.name}” is no {path.suffix.lower()} file; it is {kind}.", hint)


def _check_text(path: Path, head: bytes) -> None:
    if kind := kind_of(head):
        raise DataError(
            f"“{path.name}” is {kind}, not text.", "Check its ending, or save it as JSON, CSV or plain text."
        )
    is_utf16 = max(zeros(head)) > 0.3 and min(zeros(head)) < 0.1
    if is_binary(head) and not is_utf16 and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise DataError(f"“{path.name}” is not a text file.", "Use a JSON, JSONL, CSV, TSV, TXT or MD file.")
