"""The process that uploads an export.

Run as `python -m workbench.export.hub.worker JOB_FOLDER`, by its supervisor.
"""

import os
import sys
from pathlib import Path

from workbench.errors import WorkbenchError
from workbench.export.hub.job import PushJob
from workbench.export.hub.parcel import read_parcel
from workbench.jobs.folder import Status
from workbench.jobs.transfer import Stopped, Teller, listen

_CANCELLED = "The upload was cancelled."
_NOTHING_SHOWN = "No file of it can be seen on the hub. A new try need not send again what has arrived."
_MAYBE_LATE = "It may have come too late: look whether the files are on the hub."


def main(job_path: str) -> int:
    """Upload what the folder asks for, and put whatever happens into its status. Returns the exit code."""
    job = PushJob(Path(job_path))
    # Sent the other way, a file can neither be stopped on its way nor tell how far it is.
    os.environ["HF_HUB_DISABLE_XET"] = "1"
    try:
        listen(job)  # may be told to stop at once
        place = _push(job)
    except Stopped:
        return job.end("stopped", _CANCELLED, _MAYBE_LATE if job.stored_status().phase == "saving" else _NOTHING_SHOWN)
    except WorkbenchError as error:
        return job.end("failed", error.message, error.hint)
    except OSError as error:
        reason = error.strerror or " ".join(str(error).split())
        return job.end("failed", f"The upload failed: {reason}.", "Try again: what has arrived need not go again.")
    size, request = job.stored_status().steps, job.request
    job.write_status(Status("finished", size, size, f"{request.folder.name} is on the hub now: {place}"))
    return 0


def _push(job: PushJob) -> str:
    """Returns the address at which it can be seen."""
    request = job.request
    job.write_status(Status("preparing", message=f"Checking that the files of {request.folder.name} are as exported."))
    from workbench.export.hub.upload import Upload

    parcel = read_parcel(request.folder)
    upload, size = Upload(request, parcel), parcel.size_bytes
    job.write_status(Status("preparing", 0, size, f"Asking the hub for a repository “{request.id}”."))
    upload.make_place()
    teller = Teller(job, size, f"Uploading to “{request.id}”.")
    upload.send(teller.add)
    job.write_status(Status("saving", size, size, "All has arrived. Giving the files their names, all at once."))
    return upload.publish()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
