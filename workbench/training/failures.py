"""What an exception in a run means: how the run ends by it, why in plain words, and what to do."""

import errno
import os
import re
from pathlib import Path

import psutil

from workbench.errors import WorkbenchError, lacks_memory
from workbench.hardware.anonymous import AnonymousMemory
from workbench.jobs.files import read_lines
from workbench.jobs.room import FULL, tell_lack
from workbench.runs.foretold import recall
from workbench.training.stopping import Ending

_CLOSED = (errno.EROFS, errno.EACCES, errno.EPERM)
_FAULTY = (errno.EIO, errno.ENXIO, errno.ENODEV, errno.ESTALE)
_LAST_BYTES = 2000
_WITH_LESS = "Start again with less: this run's page, and `show`, tell with what."
_FROM_THERE = "it goes on from the last checkpoint."


def explain(error: Exception, folder: Path, needed_bytes: int) -> Ending:
    """How a run in `folder` ends by it; `needed_bytes` must be free for the run to go on."""
    if is_full_disk(error):
        return Ending("paused", tell_lack(folder, needed_bytes), f"Make room, then let it continue: {_FROM_THERE}")
    if isinstance(error, WorkbenchError):
        return Ending("failed", error.message, error.hint)
    number = _number(error)
    if number in _CLOSED:
        told = f"A file of this run could not be written: {os.strerror(number)}."
        return Ending("paused", told, f"Make its folder writable, then let it continue: {_FROM_THERE}")
    if number in _FAULTY:
        told = f"The disk could not read or write a file of this run: {os.strerror(number)}."
        return Ending("failed", told, f"Check the disk, then resume: {_FROM_THERE}")
    if lacks_memory(error):
        return Ending("failed", _tell_lack(error, folder), _WITH_LESS)
    return Ending("failed", f"The run failed: {type(error).__name__}: {error}", "The log has the details.")


def _tell_lack(error: Exception, folder: Path) -> str:
    """What had been taken when there was no more, beside what was foretold."""
    foretold = recall(folder)
    if "cuda out of memory" in str(error).lower():
        import torch

        taken_gb = torch.cuda.max_memory_allocated() / 1e9
        return foretold.tell_lack_of_vram(taken_gb) if foretold else "The GPU ran out of memory."
    return foretold.tell_lack(_taken_gb(folder)) if foretold else "The computer ran out of memory."


def _taken_gb(folder: Path) -> float:
    """What has been let go of on the way here was seen by the run's keeper."""
    memory, began = AnonymousMemory(os.getpid()), psutil.Process().create_time()
    memory.look()
    path = folder / "system.jsonl"
    size = path.stat().st_size if path.exists() else 0
    rows, _ = read_lines(path, max(0, size - _LAST_BYTES))
    return max([memory.gb, *(row.get("peak_gb", 0.0) for row in rows if row.get("time", 0.0) > began)])


def is_full_disk(error: Exception) -> bool:
    """Also where it was taken for something else, such as a model that cannot be loaded."""
    return _number(error) in FULL or _number(error.__cause__) in FULL


def _number(error: BaseException | None) -> int | None:
    """What the system says went wrong; safetensors tells it in words alone."""
    if isinstance(error, OSError):
        return error.errno
    told = re.search(r"\(os error (\d+)\)", str(error))
    return int(told.group(1)) if told else None
