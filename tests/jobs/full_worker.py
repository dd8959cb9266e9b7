"""A worker that finds the disk full: no disk has what it needs, unless a file `lack` beside its job names less."""

import os
import sys
from pathlib import Path

from workbench.jobs.folder import JobFolder, Status

_EXABYTE = 10**18


def main(path: str) -> int:
    job = JobFolder(Path(path))
    if (job.path / "went-on").exists():
        job.write_status(Status("finished", 2, 2))
        return 0
    (job.path / "went-on").touch()
    lack = job.path.parent / "lack"
    job.write_needed(int(lack.read_text()) if lack.exists() else _EXABYTE)
    job.write_status(Status("paused", 1, 2, "The disk is full.", "Make room, then let it continue."))
    return os.EX_TEMPFAIL


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
