"""The process that feeds a tracker. Run as `python -m workbench.monitoring.trackers.worker JOB_FOLDER`, by its
supervisor; the folder is that of the tracker in the run's, and ends with the tracker's name."""

import logging
import os
import signal
import sys
import time
import traceback
from dataclasses import asdict, replace
from importlib import import_module
from pathlib import Path
from typing import Any

from workbench.config.fields import settings_of
from workbench.errors import WorkbenchError
from workbench.jobs.files import read_json, write_json
from workbench.jobs.folder import ENDED, JobFolder, Status
from workbench.monitoring.trackers.base import Row, Subject, Tracker
from workbench.monitoring.trackers.feed import Feed, Overtaken, Sent
from workbench.monitoring.trackers.table import QUIET, TRACKERS, Entry
from workbench.runs.run_dir import RunDir

_NICENESS = 10
_POLL_SECONDS = 1.0
_SENT = "sent.json"


def main(job_path: str) -> int:
    """Send until the run has ended. Returns the exit code."""
    logging.basicConfig(level=logging.INFO, stream=sys.stdout, format="%(asctime)s %(message)s")
    job = JobFolder(Path(job_path))
    signal.signal(signal.SIGTERM, lambda *_: job.request_stop())
    os.nice(_NICENESS)
    return feed(job)


def feed(job: JobFolder) -> int:
    """The work itself: whatever a tracker raises is told as its refusal, and is no matter of the run."""
    entry = TRACKERS[job.id]
    try:
        Following(job, entry).go()
    except WorkbenchError as error:
        job.write_status(Status("failed", message=error.message, hint=error.hint))
        return 1
    except Exception as error:  # noqa: BLE001 - the edge of the process: a tracker may raise anything
        traceback.print_exc()
        message = f"{entry.label} refused: {type(error).__name__}: {error}"
        job.write_status(
            Status("failed", job.stored_status().step, 0, message[:500], "Send it again to try once more.")
        )
        return 1
    return 0


class Following:
    """A run, followed to its end. Where it stands is written down, so that it can go on, or begin again."""

    def __init__(self, job: JobFolder, entry: Entry) -> None:
        self._job = job
        self._entry = entry
        self._run = RunDir(job.path.parents[1])

    def go(self) -> None:
        sent = Sent(**read_json(self._job.path / _SENT))
        # Nobody knows what a tracker kept that was killed, so it gets all of it once more, apart from what it has.
        sent = sent if sent.closed else sent.again()
        while True:
            try:
                sent = self._send_lap(sent)
            except Overtaken:
                sent = sent.again()
                continue
            if self._is_over():
                break
        phase = "stopped" if self._job.stop_requested() else "finished"
        self._tell(phase, sent, f"{sent.step:,} steps are in {self._entry.label}.")

    def _send_lap(self, sent: Sent) -> Sent:
        """Send what there is and what comes, until the run has ended. Raises Overtaken."""
        tracker = _load(self._entry)
        tracker.begin(self._subject(sent))
        feed = Feed(self._run, replace(sent, closed=False))
        try:
            self._pump(feed, tracker)
        finally:
            tracker.end()
        done = replace(feed.sent, closed=True)
        self._keep(done)
        return done

    def _pump(self, feed: Feed, tracker: Tracker) -> None:
        self._keep(feed.sent)
        self._tell("saving", feed.sent, "Sending.")
        while True:
            is_over = self._is_over()
            rows = feed.next()
            for row in rows:
                _send(tracker, row)
            if rows:
                self._keep(feed.sent)
                self._tell("saving", feed.sent, "Sending.")
            elif is_over:
                return
            else:
                time.sleep(_POLL_SECONDS)

    def _is_over(self) -> bool:
        """A run that is paused for want of room goes on by itself, while its keeper lives."""
        phase = self._run.status().phase
        is_paused = phase == "paused" and not self._run.is_alive()
        return self._job.stop_requested() or phase in ENDED or is_paused

    def _keep(self, sent: Sent) -> None:
        write_json(self._job.path / _SENT, asdict(sent))

    def _tell(self, phase: str, sent: Sent, message: str) -> None:
        self._job.write_status(Status(phase, sent.step, self._run.stored_status().steps, message))

    def _subject(self, sent: Sent) -> Subject:
        run, config = self._run, self._run.config()
        return Subject(
            run_id=run.id,
            run_name=run.name,
            created=float(run.about().get("created", 0.0)),
            settings={path: _plain(value) for path, value in settings_of(config).items()},
            place=self._entry.place(run.root).absolute(),
            lap=sent.lap,
            is_new=sent.is_new,
        )


def _load(entry: Entry) -> Tracker:
    for variable, value in QUIET.items():
        os.environ.setdefault(variable, value)
    tracker: Tracker = import_module(f"{__package__}.{entry.module}").Sender()
    return tracker


def _plain(value: Any) -> Any:
    """What every tracker takes as a setting."""
    return value if isinstance(value, bool | int | float | str) else str(value)


def _send(tracker: Tracker, row: Row) -> None:
    if "answer" in row:
        tracker.answer(row)
    elif "eval_loss" in row:
        tracker.evaluation(row)
    else:
        tracker.step(row)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
