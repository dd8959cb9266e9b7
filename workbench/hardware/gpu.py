"""The GPU that torch would compute on, as the tool of its driver tells it. No torch."""

import os
import shutil
import subprocess
import time
from dataclasses import dataclass
from functools import lru_cache

_MIB = 1024**2
_PATIENCE_SECONDS = 5.0
_KEPT_SECONDS = 3.0
"""Starting the tool takes about a tenth of a second, and a form asks at every keystroke."""


@dataclass(frozen=True)
class Gpu:
    name: str
    total_bytes: int
    free_bytes: int
    """What no process holds."""


def look_at_gpu() -> Gpu | None:
    """As it is now, or was within the last seconds; None where there is none, or it may not be used."""
    return _look(int(time.monotonic() // _KEPT_SECONDS))


def is_hidden() -> bool:
    """Whether CUDA is told to see no GPU."""
    return os.environ.get("CUDA_VISIBLE_DEVICES", "0").split(",")[0].strip() in ("", "-1")


@lru_cache(maxsize=1)
def _look(moment: int) -> Gpu | None:
    tool = shutil.which("nvidia-smi")
    if tool is None or is_hidden():
        return None
    which = os.environ.get("CUDA_VISIBLE_DEVICES", "0").split(",")[0].strip()
    asked = "--query-gpu=name,memory.total,memory.free"
    try:
        told = subprocess.run(
            [tool, asked, "--format=csv,noheader,nounits", f"--id={which}"],
            capture_output=True,
            text=True,
            timeout=_PATIENCE_SECONDS,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return _read(told.stdout)


def _read(line: str) -> Gpu | None:
    """None for a card that does not tell its memory, such as one that shares it with the processor."""
    name, *sizes = (part.strip() for part in line.strip().rsplit(",", 2))
    if len(sizes) != 2 or not all(size.isdigit() for size in sizes):
        return None
    return Gpu(name, *(int(size) * _MIB for size in sizes))
