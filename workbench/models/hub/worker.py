"""The process that downloads a model.

Run as `python -m workbench.models.hub.worker JOB_FOLDER`, by its supervisor.
"""

import resource
import sys
from pathlib import Path

from workbench.errors import WorkbenchError
from workbench.jobs.folder import Status
from workbench.jobs.transfer import Stopped, Teller, be_uninterruptible, listen
from workbench.models.hub.cache import CachedRepository
from workbench.models.hub.download import ModelDownload

_MOST_BYTES = 2 * 1024**3


def main(job_path: str) -> int:
    """Download what the folder asks for, and put whatever happens into its status. Returns the exit code."""
    job = ModelDownload(Path(job_path))
    resource.setrlimit(resource.RLIMIT_DATA, (_MOST_BYTES, _MOST_BYTES))
    try:
        listen(job)  # may be told to stop at once
        _download(job)
    except Stopped:
        return job.end("stopped", "The download was cancelled.", "What has come is kept: a new try goes on from it.")
    except WorkbenchError as error:
        return job.end("failed", error.message, error.hint)
    except OSError as error:
        reason = error.strerror or " ".join(str(error).split())
        return job.end("failed", f"The download failed: {reason}.", "Make room, or try again: it goes on from there.")
    size = job.stored_status().steps
    job.write_status(Status("finished", size, size, f"{job.request.name} is on this computer now."))
    return 0


def _download(job: ModelDownload) -> None:
    request = job.request
    job.write_status(Status("preparing", message=f"Asking the hub for {request.id}."))
    from workbench.models.hub.arrival import bring, check_room, missing_bytes
    from workbench.models.hub.listing import resolve

    listing = resolve(request)
    check_room(listing)
    size = listing.size_bytes
    teller = Teller(job, size, f"Downloading {request.id}.", size - missing_bytes(listing))

    def tell_check(name: str) -> None:
        done = size - missing_bytes(listing)
        job.write_status(Status("preparing", done, size, f"Checking that {name} is as the hub has it."))

    bring(listing, teller.add, tell_check)
    be_uninterruptible()
    job.write_status(Status("saving", size, size, "Keeping the files."))
    repository = CachedRepository.of(request.id)
    repository.link(listing.commit, listing.files)
    repository.name_commit(request.asked_revision, listing.commit)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
