"""The process that reads foreign files, under limits of memory and time: no file can harm more than this process.

Run as `python -m workbench.data.preparing.worker JOB_FOLDER`, by its supervisor.
"""

import errno
import os
import resource
import sys
import time
import traceback
from pathlib import Path

from workbench.data.preparing.intake import take_in
from workbench.data.preparing.requests import ReadRequest, TokenRequest
from workbench.data.preparing.results import discard
from workbench.data.preparing.steps import refuse, request_of
from workbench.errors import RunError, WorkbenchError
from workbench.jobs.folder import JobFolder, Status

_READING_BYTES = 3 * 1024**3
_TOKENISING_BYTES = 8 * 1024**3
_TELL_SECONDS = 0.25


class _Stopped(Exception):
    """The owner no longer wants the result."""


def main(job_path: str) -> int:
    """Do what the folder asks for, and put whatever happens into its status. Returns the exit code."""
    job = JobFolder(Path(job_path))
    request = request_of(job)
    try:
        _work(job, request)
    except Exception as error:  # noqa: BLE001 - the edge of the process: whatever it is, it is told
        # First of all: what was made so far is of no use, and may be what has filled the disk.
        discard(job.path)
        return _tell_failure(job, error)
    job.write_status(Status("finished"))
    return 0


def _tell_failure(job: JobFolder, error: Exception) -> int:
    """Put why it failed into the folder: for good, where another attempt could only fail again."""
    if isinstance(error, _Stopped):
        job.write_status(Status("stopped", message="Reading was cancelled."))
        return 0
    if isinstance(error, MemoryError):
        refuse(job, WorkbenchError("The file needs more memory than reading may take.", "Split it into parts."))
    elif isinstance(error, RunError):
        job.write_status(Status("failed", message=error.message, hint=error.hint))
    elif isinstance(error, WorkbenchError):
        refuse(job, error)
    elif isinstance(error, OSError) and error.errno == errno.ENOSPC:
        job.write_status(Status("failed", message="The disk is full.", hint="Make room, then choose it again."))
    else:
        traceback.print_exception(error)
        job.write_status(Status("failed", message=f"Reading failed: {type(error).__name__}: {error}."))
    return 1


def _work(job: JobFolder, request: ReadRequest | TokenRequest) -> None:
    if isinstance(request, ReadRequest):
        size_mb = sum(Path(file.path).stat().st_size for file in request.files) / 1024**2
        limit(_READING_BYTES, 60 + size_mb)
        take_in(request, job.path, _Teller(job).tell)
    else:
        _tokenise(job, request)


def _tokenise(job: JobFolder, request: TokenRequest) -> None:
    # Only this step loads a model library.
    from workbench.data.preparing.tokenise import tokenise

    size_mb = sum(path.stat().st_size for path in Path(request.examples).iterdir()) / 1024**2
    limit(_TOKENISING_BYTES, 120 + 5 * size_mb)
    # The supervisor switches it off for workers that fork; this one does not.
    os.environ["TOKENIZERS_PARALLELISM"] = "true"
    tokenise(request, job.path, _Teller(job).tell)


def limit(most_bytes: int, cpu_seconds: float) -> None:
    """What the process may allocate and compute; beyond it the kernel refuses, or ends it."""
    resource.setrlimit(resource.RLIMIT_DATA, (most_bytes, most_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (int(cpu_seconds), int(cpu_seconds) + 5))


class _Teller:
    """Tells the job's folder how far the work is, a few times a second, and hears of a stop."""

    def __init__(self, job: JobFolder) -> None:
        self._job = job
        self._told_at = 0.0

    def tell(self, done: int, total: int = 0) -> None:
        now = time.monotonic()
        if now - self._told_at < _TELL_SECONDS:
            return
        self._told_at = now
        if self._job.stop_requested():
            raise _Stopped
        self._job.write_status(Status("preparing", done, total))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
