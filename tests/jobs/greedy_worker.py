"""A worker that takes 200 MB, gives them back, says so, and waits until it is asked to stop.

With a file `returns` beside its job it returns that code instead.
"""

import mmap
import sys
import time
from pathlib import Path

from workbench.jobs.folder import JobFolder, Status

TAKEN_BYTES = 200_000_000
_HELD_SECONDS = 0.4


def main(path: str) -> int:
    job = JobFolder(Path(path))
    block = mmap.mmap(-1, TAKEN_BYTES, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    for place in range(0, TAKEN_BYTES, mmap.PAGESIZE):
        block[place] = 1
    time.sleep(_HELD_SECONDS)
    block.close()
    job.write_status(Status("training", 1, 2))
    returns = job.path.parent / "returns"
    if returns.exists():
        job.write_status(Status("failed", 1, 2, "The computer ran out of memory."))
        return int(returns.read_text())
    while not job.stop_requested():
        time.sleep(0.05)
    job.write_status(Status("stopped", 1, 2))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
