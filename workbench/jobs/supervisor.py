"""The keeper of one job: waits for its turn, starts the worker, measures it and the machine, writes how it ended.

Run as `python -m workbench.jobs.supervisor JOB_FOLDER SLOT_FILE WORKER_MODULE`; started by `start`, in a session of
its own, so that neither page nor terminal is needed once it runs.
"""

import contextlib
import signal
import subprocess
import sys
import time
from pathlib import Path

from workbench.errors import RunError
from workbench.hardware.anonymous import AnonymousMemory
from workbench.hardware.usage import UsageSampler
from workbench.jobs.ending import Patience, tell_cancelled
from workbench.jobs.environment import worker_environment
from workbench.jobs.files import append_json
from workbench.jobs.folder import LIVE, NO_MEMORY, Exit, JobFolder, Status
from workbench.jobs.limits import OomKills
from workbench.jobs.process import ProcessId
from workbench.jobs.queue import Line, Lock
from workbench.jobs.room import LAST_WORDS_BYTES, Reserve, has_room

_POLL_SECONDS = 0.25
_SAMPLE_SECONDS = 1.0
_LOOK_SECONDS = 0.05
_START_SECONDS = 20.0
_ROOM_SECONDS = 1.0
_LEFT_FULL = "Stopped while the disk was full. The last checkpoint is kept."


def start(job: JobFolder, slot_path: Path, worker_module: str, *, online: bool = False, computes: bool = False) -> None:
    """Begin an attempt at the job: start a supervisor for it and wait until it has signed in.

    Only if it is `online` may the worker ask the hub; one that `computes` is given memory that suits it. Raises
    RunError if another attempt is under way, however close the two starts were.
    """
    mine = Lock(job.path / "lock")
    try:
        if not mine.take():
            raise RunError(f"{job.id} has been started already.", "Wait until it has ended.")
        job.prepare_attempt()
        _sign_in(job, [str(slot_path), worker_module], mine, worker_environment(online=online, computes=computes))
    finally:
        mine.close()


def _sign_in(job: JobFolder, arguments: list[str], mine: Lock, environment: dict[str, str]) -> None:
    argv = [sys.executable, "-m", __name__, str(job.path), *arguments]
    with job.log_path.open("ab") as log:
        child = subprocess.Popen(
            argv,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd=job.path,
            env=environment,
            pass_fds=(mine.descriptor,),
            start_new_session=True,
        )
    deadline = time.monotonic() + _START_SECONDS
    while "supervisor" not in job.processes():
        if child.poll() is not None or time.monotonic() > deadline:
            child.kill()
            job.write_status(Status("failed", message="It could not be started.", hint="The log has the details."))
            raise RunError(f"{job.id} could not be started.", f"{job.log_path} has the details.")
        time.sleep(0.02)


def main(job_path: str, slot_path: str, worker_module: str) -> None:
    job = JobFolder(Path(job_path))
    signal.signal(signal.SIGTERM, lambda *_: job.request_stop())
    try:
        while _attempt(job, Path(slot_path), worker_module) and job.lacks_room() and _wait_for_room(job):
            pass
    except OSError as error:
        sys.exit(f"{job.path} cannot be read or written: {error.strerror}. Nobody keeps this job any more.")


def _attempt(job: JobFolder, slot_path: Path, worker_module: str) -> bool:
    """Run the worker once; False if its turn never came."""
    # Those who wait are alive, so that a clock which counts from the start of the machine tells who came first.
    queued_at, me = time.monotonic(), ProcessId.current()
    job.write_process(queued_at, supervisor=me)
    slot, line = Lock(slot_path), Line(job.path.parent, slot_path)
    try:
        if not _wait_for_turn(job, line, slot):
            _leave_queue(job)
            return False
        worker = _start_worker(job, slot, worker_module)
        try:
            job.write_process(queued_at, supervisor=me, worker=ProcessId.of(worker.pid))
        except OSError:
            worker.kill()  # nobody could tell that it runs
            raise
        _watch(job, worker)
        return True
    finally:
        slot.close()


def _wait_for_room(job: JobFolder) -> bool:
    """True when there is room, False if the job was asked for something else meanwhile."""
    words = Reserve(job.path)
    with contextlib.suppress(OSError):
        words.hold(LAST_WORDS_BYTES)
    while not job.requested() and not has_room(job.path, job.needed_bytes()):
        time.sleep(_ROOM_SECONDS)
    words.give_up()
    stored = job.stored_status()
    asked = job.requested()
    if asked is None:
        job.write_status(Status("queued", stored.step, stored.steps, "There is room again. Waiting for its turn."))
    elif asked != "pause":
        job.write_status(Status("stopped", stored.step, stored.steps, _LEFT_FULL))
    job.forget_lack()
    return asked is None


def _wait_for_turn(job: JobFolder, line: Line, slot: Lock) -> bool:
    """True with the slot taken, False if the job was taken out of the queue."""
    while not job.requested():
        if line.take_turn(job, slot):
            return True
        if job.stored_status().phase != "queued":
            stored = job.stored_status()
            job.write_status(Status("queued", stored.step, stored.steps, "Waiting for another run to end."))
        time.sleep(_POLL_SECONDS)
    return False


def _leave_queue(job: JobFolder) -> None:
    stored = job.stored_status()
    phase, message = "stopped", "Taken out of the queue."
    if job.requested() == "pause":
        phase, message = "paused", "Paused before its turn came."
    job.write_status(Status(phase, stored.step, stored.steps, message))


def _start_worker(job: JobFolder, slot: Lock, worker_module: str) -> subprocess.Popen[bytes]:
    with job.log_path.open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", worker_module, str(job.path)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            pass_fds=(slot.descriptor,),
            process_group=0,
        )


def _watch(job: JobFolder, worker: subprocess.Popen[bytes]) -> None:
    """Measure until the worker has ended, then say how."""
    started, kills = time.monotonic(), OomKills(worker.pid)
    memory = AnonymousMemory(worker.pid)
    code = _measure(job, worker, memory)
    killed = -code if code < 0 else None
    out_of_memory = code == NO_MEMORY or (killed == signal.SIGKILL and kills.have_risen())
    seconds = round(time.monotonic() - started, 1)
    ended = Exit(None if killed else code, killed, out_of_memory, seconds, round(memory.peak_gb, 3))
    with contextlib.suppress(OSError):
        job.write_exit(ended)
    _settle(job, ended)


def _measure(job: JobFolder, worker: subprocess.Popen[bytes], memory: AnonymousMemory) -> int:
    """Until the worker has ended; returns its exit code. What is known of it by then stands in the rows."""
    sampler, sample_at = UsageSampler(worker.pid, job.path), time.monotonic() + _SAMPLE_SECONDS
    patience = Patience(job, job.processes()["worker"])
    while (code := worker.poll()) is None:
        memory.look()
        if time.monotonic() >= sample_at:
            sample_at = time.monotonic() + _SAMPLE_SECONDS
            own = {"anonymous_gb": round(memory.gb, 3), "peak_gb": round(memory.peak_gb, 3)}
            # A full disk must not end the keeper: it has yet to say how the worker ended.
            with contextlib.suppress(OSError):
                append_json(job.system_path, sampler.sample() | own)
            patience.look()
        time.sleep(_LOOK_SECONDS)
    return code


def _settle(job: JobFolder, ended: Exit) -> None:
    """A worker that ended without a last word was cancelled, has been interrupted or has failed."""
    if job.requested() == "cancel":
        tell_cancelled(job)
    stored = job.stored_status()
    if stored.phase not in LIVE or ended.signal is not None:
        return
    hint = "The log has the details."
    job.write_status(Status("failed", stored.step, stored.steps, ended.sentence(), hint))


if __name__ == "__main__":
    main(*sys.argv[1:])
