"""A worker that trains nothing: it notes when it begins and when it ends, in one file for all of its kind."""

import sys
import time
from pathlib import Path

from workbench.jobs.files import append_json
from workbench.jobs.folder import JobFolder, Status


def main(path: str) -> None:
    job = JobFolder(Path(path))
    job.write_status(Status("training", 0, 1))
    began = time.monotonic()
    append_json(notes_path(job), {"job": job.id, "event": "begin"})
    while time.monotonic() < began + 0.05:
        job.requested()
    append_json(notes_path(job), {"job": job.id, "event": "end"})
    job.write_status(Status("finished", 1, 1))


def notes_path(job: JobFolder) -> Path:
    return job.path.parent / "notes.jsonl"


if __name__ == "__main__":
    main(sys.argv[1])
