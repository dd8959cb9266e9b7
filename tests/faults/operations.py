"""The single file operations of a piece of code, counted, so that something can happen at exactly one of them."""

import io
import os
import signal
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from types import FrameType
from typing import Any

OPERATIONS = frozenset(
    {"open", "write", "flush", "fsync", "close", "posix_fallocate", "mkdir", "rename", "replace", "unlink", "rmdir"}
    | {"serialize_file"}
)
"""Functions written in C, by name; `serialize_file` is how safetensors writes a whole file."""

OnOperation = Callable[[int, str], object]
"""Told the number of an operation, from 1 on, and its name, just before it is done. What it raises, the operation
raises."""


def watched(function: Callable[..., Any], on_operation: OnOperation) -> Callable[..., Any]:
    """The same function with its file operations told of; the count goes on from call to call."""
    count = 0

    def profile(frame: FrameType, event: str, called: Any) -> None:
        nonlocal count
        if event == "c_call" and called.__name__ in OPERATIONS and not isinstance(called.__self__, io.StringIO | str):
            count += 1
            on_operation(count, called.__name__)

    @wraps(function)
    def with_profile(*args: Any, **kwargs: Any) -> Any:
        sys.setprofile(profile)
        try:
            return function(*args, **kwargs)
        finally:
            sys.setprofile(None)

    return with_profile


def kill_at(number: int) -> OnOperation:
    """SIGKILL to this process just before an operation."""

    def on_operation(count: int, name: str) -> None:
        if count == number:
            os.kill(os.getpid(), signal.SIGKILL)

    return on_operation


def note_in(path: Path) -> OnOperation:
    """Write down how many there were."""
    return lambda count, name: path.write_text(str(count))
