"""Giving an export its name: a folder or a zip file that was made aside, and is complete, gets it in one step."""

import os
import zipfile
from pathlib import Path

_TEXTS = ("", ".json", ".jinja", ".jsonl", ".md", ".py", ".txt", ".yaml")
"""Files that shrink; weights do not."""
_CHUNK_BYTES = 1 << 22


def is_zip(out: Path) -> bool:
    """Whether what comes to be there is a zip file, not a folder."""
    return out.suffix.lower() == ".zip"


def pack(folder: Path, packed: Path, name: str) -> None:
    """All of a folder into a zip file, below a folder called `name`; a piece of it is in memory at a time."""
    with zipfile.ZipFile(packed, "x", allowZip64=True) as archive:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            member = zipfile.ZipInfo.from_file(path, f"{name}/{path.relative_to(folder).as_posix()}")
            member.compress_type = zipfile.ZIP_DEFLATED if path.suffix in _TEXTS else zipfile.ZIP_STORED
            with path.open("rb") as source, archive.open(member, "w") as target:
                while piece := source.read(_CHUNK_BYTES):
                    target.write(piece)


def flush(made: Path) -> None:
    """Have a file, or all of a folder, on the disk before it gets its name: the power may fail right after."""
    for path in [*(made.rglob("*") if made.is_dir() else ()), made]:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
