"""The workspace: the folder below which everything of the user's stands."""

import contextlib
import os
import threading
from pathlib import Path

from workbench.errors import WorkbenchError
from workbench.jobs.room import FULL


def prepare(root: Path) -> Path:
    """Make the folder if need be, and prove that a file can be written, flushed and renamed in it.

    Raises WorkbenchError, so that a run does not find out after hours.
    """
    probe = root / f".probe-{os.getpid()}-{threading.get_ident()}"
    try:
        root.mkdir(parents=True, exist_ok=True)
        with probe.open("wb") as file:
            file.write(b"probe")
            os.fsync(file.fileno())
        probe.rename(probe.with_suffix(".renamed")).unlink()
    except OSError as error:
        with contextlib.suppress(OSError):
            probe.unlink(missing_ok=True)
        reason = error.strerror or type(error).__name__
        hint = "Make room first." if error.errno in FULL else "Choose another --root."
        raise WorkbenchError(f"{root} cannot be used as the workspace: {reason}.", hint) from error
    return root
