"""Files that another process may read at any moment."""

import json
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil


def write_atomic(path: Path, text: str) -> None:
    """Replace a file so that a reader sees the old or the new content, never half of it."""
    # Two threads of the page may write the same file at once.
    staging = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_native_id()}")
    try:
        with staging.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        staging.replace(path)
    except OSError:
        staging.unlink(missing_ok=True)
        raise


def sweep(folder: Path) -> None:
    """Remove what killed processes had half written in a folder."""
    for leftover in folder.glob(".*.*-*"):
        pid = leftover.name.rpartition(".")[2].partition("-")[0]
        if pid.isdigit() and not psutil.pid_exists(int(pid)):
            leftover.unlink(missing_ok=True)


def write_json(path: Path, data: Any) -> None:
    write_atomic(path, json.dumps(data, ensure_ascii=False, indent=1) + "\n")


def read_json(path: Path) -> dict[str, Any]:
    """The object in a JSON file, empty if there is no file, or what is there is no such object any more."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def append_json(path: Path, row: dict[str, Any]) -> None:
    """Add one line in one write, so that a kill leaves at most one torn line, which the next does not continue."""
    line = (json.dumps(row, ensure_ascii=False) + "\n").encode()
    with path.open("ab+", buffering=0) as file:
        torn = file.tell() > 0 and os.pread(file.fileno(), 1, file.tell() - 1) != b"\n"
        rest = b"\n" + line if torn else line
        while rest:  # a disk that runs full may take a part of it
            rest = rest[file.write(rest) :]


def read_lines(path: Path, start: int = 0, most_bytes: int = -1) -> tuple[list[dict[str, Any]], int]:
    """The whole JSON lines from byte `start` on, at most so many bytes of them, and the byte after the last.

    A torn last line is left for the next call; a torn line in the middle, from a kill, is passed over.
    """
    if not path.exists():
        return [], start
    with path.open("rb") as file:
        file.seek(start)
        data = file.read(most_bytes)
    end = data.rfind(b"\n") + 1
    return list(_parse(data[:end])), start + end


def _parse(data: bytes) -> Iterator[dict[str, Any]]:
    for line in data.splitlines():
        try:
            row = json.loads(line)
        except ValueError:
            continue
        if isinstance(row, dict):
            yield row
