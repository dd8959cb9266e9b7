"""The workspace: the folder below which everything of the user's stands."""

import os
from pathlib import Path

from workbench.errors import WorkbenchError


def prepare(root: Path) -> Path:
    """Make the folder if need be, and prove that a file can be written, flushed and renamed in it.

    Raises WorkbenchError, so that a run does not find out after hours.
    """
    probe = root / f".probe-{os.getpid()}"
    try:
        root.mkdir(parents=True, exist_ok=True)
        with probe.open("wb") as file:
            file.write(b"probe")
            os.fsync(file.fileno())
        probe.rename(probe.with_suffix(".renamed")).unlink()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise WorkbenchError(f"{root} cannot be used as the workspace: {reason}.", "Choose another --root.") from error
    return root
