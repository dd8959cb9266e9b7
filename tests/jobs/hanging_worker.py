"""A worker that hears neither requests nor SIGTERM, with a child that does not either.

Whether it hangs before or after its last word is told by a file called `last-word` in the folder of its job.
"""

import os
import signal
import sys
from pathlib import Path

from workbench.jobs.folder import JobFolder, Status


def main(path: str) -> None:
    job = JobFolder(Path(path))
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    child = os.fork()
    if child:
        (job.path / "child").write_text(str(child))
        phase = "finished" if (job.path / "last-word").exists() else "training"
        job.write_status(Status(phase, 1, 2))
    while True:
        signal.pause()


if __name__ == "__main__":
    main(sys.argv[1])
