"""The process that builds a model without its weights, under limits of memory and time, and says how it is built.

Run as `python -m workbench.models.layout_worker JOB_FOLDER`, by its supervisor.
"""

import resource
import sys
from pathlib import Path

from workbench.errors import ModelError
from workbench.jobs.files import read_json, write_json
from workbench.jobs.folder import JobFolder, Status

_MOST_BYTES = 8 * 1024**3
_MOST_CPU_SECONDS = 120


def main(job_path: str) -> int:
    """Leave the layout, or why this model has none. Returns the exit code."""
    job = JobFolder(Path(job_path))
    job.write_status(Status("preparing"))
    resource.setrlimit(resource.RLIMIT_DATA, (_MOST_BYTES, _MOST_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (_MOST_CPU_SECONDS, _MOST_CPU_SECONDS + 5))
    from workbench.models.layout_reader import read_layout
    from workbench.models.load import load_outline

    try:
        answer = read_layout(load_outline(Path(read_json(job.path / "request.json")["folder"]))).to_json()
    except ModelError as problem:
        answer = {"refusal": str(problem)}
    write_json(job.path / "layout.json", answer)
    job.write_status(Status("finished"))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
