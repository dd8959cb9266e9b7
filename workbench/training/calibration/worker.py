"""The process that measures this machine, and leaves its rates. Run as
`python -m workbench.training.calibration.worker JOB_FOLDER`, by its supervisor.
"""

import contextlib
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from workbench.hardware.devices import machine
from workbench.jobs.files import read_json, write_json
from workbench.jobs.folder import JobFolder, Status
from workbench.runs.queue import is_training

_NICENESS = 10


def main(job_path: str) -> int:
    """Each engine as soon as it is measured; the one that needs few libraries first. Returns the exit code."""
    job = JobFolder(Path(job_path))
    with contextlib.suppress(OSError):
        os.nice(_NICENESS)
    engines = (_measure_fast, _measure_standard)
    for step, measure in enumerate(engines):
        job.write_status(Status("preparing", step, len(engines), "Measuring this computer."))
        measure(job.path)
    job.write_status(Status("finished", len(engines), len(engines)))
    return 0


def _measure_fast(folder: Path) -> None:
    import torch

    from workbench.training.calibration import fast

    torch.set_num_threads(machine().cores)
    start_seconds = time.process_time()
    rates = fast.measure(_root(folder) / "cache" / "kernels")
    words_seconds = _processor_seconds(_import_words)
    _keep(folder, "fast", rates | {"start_seconds": start_seconds, "words_seconds": words_seconds})


def _measure_standard(folder: Path) -> None:
    """What it needs besides is counted where the fast path has come up already."""
    earlier = read_json(folder / "fast.json")
    before = earlier["start_seconds"] + earlier["words_seconds"] if earlier else time.process_time()
    import_seconds = _processor_seconds(_import_standard)

    import torch

    from workbench.training.calibration import standard

    torch.set_num_threads(machine().cores)
    _keep(folder, "standard", standard.measure() | {"start_seconds": before + import_seconds, "words_seconds": 0.0})


def _import_words() -> None:
    import workbench.models.tokenizer
    import workbench.training.watched  # noqa: F401


def _import_standard() -> None:
    import workbench.training.calibration.standard  # noqa: F401


def _processor_seconds(work: Callable[[], None]) -> float:
    """Of this process, whatever else runs on the machine."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def _keep(folder: Path, engine: str, rates: dict[str, Any]) -> None:
    """What was measured beside a run that has begun meanwhile is not how fast this machine is."""
    if not is_training(_root(folder)):
        write_json(folder / f"{engine}.json", rates)


def _root(folder: Path) -> Path:
    """Of the workspace."""
    return Path(read_json(folder / "request.json")["root"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
