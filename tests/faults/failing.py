"""File operations that fail: one of them, or all from one on, in a worker's own process."""

import builtins
import io
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import safetensors.torch
from safetensors import SafetensorError

from tests.faults.operations import OnOperation, watched
from workbench.runs.run_dir import RunDir
from workbench.training import worker

CHANGES = frozenset({"write", "flush", "fsync", "mkdir", "rename", "replace", "posix_fallocate", "serialize_file"})
"""The operations that a disk can refuse."""


def count_changes(run: RunDir) -> None:
    """Say beside the run how many operations an attempt takes that a disk can refuse."""
    count = 0

    def on_operation(_: int, name: str) -> None:
        nonlocal count
        count += name in CHANGES

    def main(path: str) -> int:
        code = counted(path)
        counts_path(run).write_text(str(count))
        return code

    counted = watched(worker.main, on_operation)
    worker.main = main


def counts_path(run: RunDir) -> Path:
    return run.path.with_name(f".{run.id}-count")


def fail_once(number: int, error: int, run: RunDir) -> None:
    """The operation with this number fails, and the ones after it do not."""
    worker.main = watched(worker.main, _at(number, lambda name: _fail(name, error)))


def fail_from(number: int, error: int, run: RunDir) -> None:
    """The operation with this number fails, and every later one: nothing can be written any more."""

    def refuse_all(name: str) -> NoReturn:
        for changing in ("fsync", "mkdir", "rename", "replace", "posix_fallocate", "unlink", "rmdir"):
            setattr(os, changing, lambda *args, **kwargs: _fail("", error))
        safetensors.torch.serialize_file = lambda *args, **kwargs: _fail("serialize_file", error)
        io.open = builtins.open = _reading_only(io.open, error)
        _fail(name, error)

    worker.main = watched(worker.main, _at(number, refuse_all))


def vanish_at(number: int, run: RunDir) -> None:
    """The run's folder is gone from this operation on."""
    worker.main = watched(worker.main, _at(number, lambda name: shutil.rmtree(run.path)))


def _at(number: int, act: Callable[[str], object]) -> OnOperation:
    count = 0

    def on_operation(_: int, name: str) -> None:
        nonlocal count
        count += name in CHANGES
        if count == number and name in CHANGES:
            act(name)

    return on_operation


def _reading_only(opens: Callable[..., Any], error: int) -> Callable[..., Any]:
    def open_to_read(file: Any, mode: str = "r", *args: Any, **kwargs: Any) -> Any:
        return opens(file, mode, *args, **kwargs) if set(mode) <= set("rbt") else _fail("", error)

    return open_to_read


def _fail(name: str, error: int) -> NoReturn:
    told = os.strerror(error)
    if name == "serialize_file":
        raise SafetensorError(f"Error while serializing: I/O error: {told} (os error {error})")
    raise OSError(error, told)
