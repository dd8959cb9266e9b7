"""The process that blends adapters.

Run as `python -m workbench.training.blending.worker JOB_FOLDER`, by its supervisor.
"""

import shutil
import sys
import time
from pathlib import Path

from workbench.errors import WorkbenchError
from workbench.jobs.folder import Status
from workbench.jobs.transfer import Stopped, be_uninterruptible, listen
from workbench.runs.run_dir import RunDir
from workbench.training.blending.job import BlendJob

_TELL_SECONDS = 0.25


def main(job_path: str) -> int:
    """Blend what the folder asks for, and put whatever happens into its status. Returns the exit code."""
    job = BlendJob(Path(job_path))
    try:
        listen(job)  # may be told to stop at once
        run = _blend(job)
    except Stopped:
        return job.end("stopped", "The blending was cancelled.", "Nothing was kept.")
    except WorkbenchError as error:
        return job.end("failed", error.message, error.hint)
    except OSError as error:
        reason = error.strerror or " ".join(str(error).split())
        return job.end("failed", f"The blend could not be made: {reason}.", "Make room, or choose other runs.")
    finally:
        shutil.rmtree(job.aside, ignore_errors=True)
    job.write_result(run.id)
    steps = job.stored_status().steps
    job.write_status(Status("finished", steps, steps, f"{run.name} is ready."))
    return 0


def _blend(job: BlendJob) -> RunDir:
    job.write_status(Status("preparing", message="Looking at the adapters."))
    from workbench.training.blending.keeping import find_model, make_run
    from workbench.training.blending.mixing import mix
    from workbench.training.blending.provenance import Provenance
    from workbench.training.blending.recipe import check

    recipe = check(job.request, job.root)
    model = find_model(recipe)
    job.aside.mkdir(parents=True)

    sizes = mix(recipe, job.aside, _Teller(job).tell)
    steps = len(recipe.layers)
    job.write_status(Status("saving", steps, steps, "Checking the blend and keeping it."))
    run = make_run(recipe, model, Provenance.tell(recipe, sizes.shares, sizes.difference), job.aside)
    be_uninterruptible()
    return run.move_to(job.root)


class _Teller:
    """Tells the job's folder how far it is, a few times a second."""

    def __init__(self, job: BlendJob) -> None:
        self._job = job
        self._told_at = 0.0

    def tell(self, done: int, layers: int) -> None:
        now = time.monotonic()
        if now - self._told_at >= _TELL_SECONDS:
            self._told_at = now
            self._job.write_status(Status("preparing", done, layers, f"Blending layer {done + 1} of {layers}."))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
