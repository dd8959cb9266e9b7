"""The process that exports.

Run as `python -m workbench.export.worker JOB_FOLDER`, by its supervisor.
"""

import sys
from pathlib import Path

from workbench.errors import WorkbenchError
from workbench.export.job import ExportJob, check_place
from workbench.export.placing import flush, is_zip, pack
from workbench.jobs.folder import Status
from workbench.jobs.transfer import Stopped, Teller, be_uninterruptible, listen


def main(job_path: str) -> int:
    """Export what the folder asks for, and put whatever happens into its status. Returns the exit code."""
    job = ExportJob(Path(job_path))
    try:
        listen(job)  # may be told to stop at once
        _export(job)
    except Stopped:
        return job.end("stopped", "The export was cancelled.", "Nothing was kept.")
    except WorkbenchError as error:
        return job.end("failed", error.message, error.hint)
    except OSError as error:
        reason = error.strerror or " ".join(str(error).split())
        return job.end("failed", f"The export could not be written: {reason}.", "Make room, or choose another place.")
    finally:
        job.sweep()
    steps = job.stored_status().steps
    job.write_status(Status("finished", steps, steps, f"{job.request.out} is complete, and was checked."))
    return 0


def _export(job: ExportJob) -> None:
    job.write_status(Status("preparing", message="Reading the model and what was learned."))
    from workbench.export.makings import MAKINGS
    from workbench.export.record.writing import write_record
    from workbench.runs.run_dir import RunDir

    request = job.request
    run = RunDir.open(job.root, request.run)
    making = MAKINGS[request.target](run, request.numbers)
    job.aside.mkdir()
    making.write(job.aside, Teller(job, making.total_bytes, "Writing."))
    job.write_status(Status("saving", making.total_bytes, making.total_bytes, "Checking what was written."))
    write_record(job.aside, run, request)
    making.verify(job.aside)
    _place(job)


def _place(job: ExportJob) -> None:
    """Only now is there anything of its name."""
    out, made = job.request.out, job.aside
    if is_zip(out):
        pack(job.aside, job.packed, out.stem)
        made = job.packed
    flush(made)
    be_uninterruptible()
    check_place(out)
    made.rename(out)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
