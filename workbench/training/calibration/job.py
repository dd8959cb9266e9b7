"""Having this machine measured: in the background, or while one waits. No torch."""

import contextlib
from pathlib import Path

from workbench.errors import RunError
from workbench.hardware.devices import machine
from workbench.jobs import supervisor
from workbench.jobs.ending import cancel
from workbench.jobs.errand import Errand
from workbench.jobs.files import write_json
from workbench.memory.rates import ENGINES, EngineName, Rates, folder, read
from workbench.runs.queue import is_training

_WORKER = "workbench.training.calibration.worker"
_HINT = "Its log.txt has the details; times are told as wide ranges until then."


def is_measured(root: Path) -> bool:
    """Whether the rates of all engines that this machine can take are known."""
    return all(read(root, engine) for engine in _engines())


def is_under_way(root: Path) -> bool:
    return _errand(root).is_alive()


def start_calibration(root: Path) -> bool:
    """Begin to measure in the background, less than a minute at low priority; not twice at once.

    False where a run is training, which would be slowed down, and be measured by.
    """
    if is_training(root):
        return False
    job = _errand(root)
    job.path.mkdir(parents=True, exist_ok=True)
    write_json(job.path / "request.json", {"root": str(root)})
    # Another process may have been quicker.
    with contextlib.suppress(RunError):
        supervisor.start(job, job.path / "slot.lock", _WORKER, computes=True)
    return True


def calibrate(root: Path) -> dict[EngineName, Rates]:
    """Measure this machine anew, however often it was measured before, and wait for it. Raises RunError."""
    if not start_calibration(root):
        raise RunError("A run is training, so this computer cannot be measured now.", "Wait until it has ended.")
    status = _errand(root).wait()
    found = {engine: rates for engine in _engines() if (rates := read(root, engine))}
    if status.phase != "finished" or len(found) < len(_engines()):
        raise RunError(f"This computer could not be measured. {status.message}".rstrip(), _HINT)
    return found


def cancel_calibration(root: Path) -> None:
    """What was measured before stays."""
    cancel(_errand(root))


def _errand(root: Path) -> Errand:
    return Errand(folder(root))


def _engines() -> tuple[EngineName, ...]:
    """None where a GPU computes: what is measured here is the processor."""
    return () if machine().gpu else ENGINES
