"""What an exception in a run means: how the run ends by it, why in plain words, and what to do."""

import errno
import os
import re
from pathlib import Path

from workbench.errors import WorkbenchError, lacks_memory
from workbench.jobs.room import FULL, tell_lack
from workbench.training.stopping import Ending

_CLOSED = (errno.EROFS, errno.EACCES, errno.EPERM)
_FAULTY = (errno.EIO, errno.ENXIO, errno.ENODEV, errno.ESTALE)
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
        return Ending("failed", "The computer ran out of memory.", "Choose the preset low-memory, or a smaller model.")
    return Ending("failed", f"The run failed: {type(error).__name__}: {error}", "The log has the details.")


def is_full_disk(error: Exception) -> bool:
    """Also where it was taken for something else, such as a model that cannot be loaded."""
    return _number(error) in FULL or _number(error.__cause__) in FULL


def _number(error: BaseException | None) -> int | None:
    """What the system says went wrong; safetensors tells it in words alone."""
    if isinstance(error, OSError):
        return error.errno
    told = re.search(r"\(os error (\d+)\)", str(error))
    return int(told.group(1)) if told else None
