"""A worker that trains nothing: it waits until it is asked to stop."""

import signal
import sys
import threading
from pathlib import Path

from workbench.jobs.folder import JobFolder, Status


def main(path: str) -> None:
    job = JobFolder(Path(path))
    asked = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: asked.set())
    job.write_status(Status("training", 1, 2))
    while not (asked.wait(0.05) or job.stop_requested()):
        pass
    job.write_status(Status("stopped", 1, 2, "as asked"))


if __name__ == "__main__":
    main(sys.argv[1])
