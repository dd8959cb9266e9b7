"""The process that fetches a dataset from the hub, the only one that reads data from the network.

Run as `python -m workbench.data.sets.hub_worker JOB_FOLDER`, by its supervisor. The `datasets` library says which files
make up a split; they are kept as they came and read like any other file: its own readers repair and drop in silence.
"""

import os
import resource
import shutil
import sys
from dataclasses import asdict
from pathlib import Path

from workbench.data.sets.hub import Download
from workbench.data.sets.versions import Made, Version, save_version
from workbench.errors import WorkbenchError
from workbench.jobs.folder import Status
from workbench.jobs.transfer import Stopped, Teller, be_uninterruptible, listen

_MOST_BYTES = 3 * 1024**3


def main(job_path: str) -> int:
    """Fetch what the folder asks for, and put whatever happens into its status. Returns the exit code."""
    job = Download(Path(job_path))
    resource.setrlimit(resource.RLIMIT_DATA, (_MOST_BYTES, _MOST_BYTES))
    try:
        listen(job)  # may be told to stop at once
        version = _fetch(job)
    except Stopped:
        job.write_status(Status("stopped", message="Fetching was cancelled."))
        return 0
    except WorkbenchError as error:
        return _failed(job, error.message, error.hint)
    except OSError as error:
        return _failed(job, f"Fetching failed: {error.strerror or error}.", "Make room, or try again.")
    finally:
        for name in ("cache", "files"):
            shutil.rmtree(job.path / name, ignore_errors=True)
    job.write_reference(version.reference)
    said = f"{job.request.id}, split {version.made.hub['split']}, is now version {version.number} of {version.name}."
    size = job.stored_status().steps
    job.write_status(Status("finished", size, size, said))
    return 0


def _failed(job: Download, message: str, hint: str) -> int:
    job.write_status(Status("failed", message=message, hint=hint))
    return 1


def _fetch(job: Download) -> Version:
    job.write_status(Status("preparing", message=f"Asking the hub for {job.request.id}."))
    cache, files = job.path / "cache", job.path / "files"
    # Read when the libraries are loaded: nothing of a fetch stays outside its folder, and none is counted elsewhere.
    os.environ |= {"HF_HUB_CACHE": str(cache), "HF_DATASETS_CACHE": str(cache), "HF_UPDATE_DOWNLOAD_COUNTS": "0"}
    from workbench.data.sets.hub_files import fetch_files
    from workbench.data.sets.hub_repo import resolve

    listing = resolve(job.request, cache)
    teller = Teller(job, listing.size, f"Fetching {job.request.id}.")
    originals = fetch_files(listing, files, teller.add)
    be_uninterruptible()
    job.write_status(Status("saving", listing.size, listing.size, "Keeping the files."))
    hub = asdict(job.request) | {"config": listing.config, "split": listing.split, "commit": listing.commit}
    return save_version(job.root, job.name, originals, Made("hub", job.request.id, hub))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
