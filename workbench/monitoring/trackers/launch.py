"""Sending a run to a tracker, and what became of it. Loads no tracker."""

import contextlib
from dataclasses import dataclass

from workbench.errors import RunError, WorkbenchError
from workbench.jobs import supervisor
from workbench.jobs.folder import ENDED, JobFolder, Status
from workbench.monitoring.trackers.table import NONE, TRACKERS, Entry, find_tracker
from workbench.runs.run_dir import RunDir

_WORKER = f"{__package__}.worker"
_ENDING_SECONDS = 10.0


@dataclass(frozen=True)
class Sending:
    """A tracker that a run was sent to, or is being sent to."""

    entry: Entry
    status: Status


class TrackingJob(JobFolder):
    """The feeding of one tracker, in the run's folder."""

    interrupted_hint = "Send it again to go on."


def start(run: RunDir, name: str) -> TrackingJob:
    """Begin to send a run, or to send what is new in it. Raises SettingError and RunError."""
    entry = find_tracker(name)
    job = tracking_job(run, name)
    if job.is_alive():
        if job.stored_status().phase not in ENDED:
            raise RunError(f"{run.name} is being sent to {entry.label} already.", "It goes on until the run ends.")
        job.wait_for_processes(_ENDING_SECONDS)
    job.path.mkdir(parents=True, exist_ok=True)
    supervisor.start(job, job.path / "slot.lock", _WORKER, online=entry.is_online())
    return job


def start_chosen(run: RunDir) -> None:
    """Send a run that begins, or goes on, to the tracker that its settings name, and to those it was sent to before.

    What goes wrong here is no matter of the run, and is told where the tracker is.
    """
    names = {run.config().tracking.tracker, *(sending.entry.name for sending in sendings(run))}
    for name in sorted(names - {NONE}):
        with contextlib.suppress(WorkbenchError, OSError):
            start(run, name)


def sendings(run: RunDir) -> list[Sending]:
    """Every tracker that the run was sent to."""
    jobs = {name: tracking_job(run, name) for name in TRACKERS}
    return [Sending(TRACKERS[name], job.status()) for name, job in jobs.items() if job.path.exists()]


def tracking_job(run: RunDir, name: str) -> TrackingJob:
    return TrackingJob(run.path / "tracking" / name)
