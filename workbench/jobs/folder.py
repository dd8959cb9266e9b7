"""The folder of a job: everything true about a background process stands in it."""

import errno
import os
import signal
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal

from workbench.jobs.files import read_json, write_json
from workbench.jobs.process import ProcessId
from workbench.jobs.room import obstacle, tell_lack

LIVE = ("preparing", "training", "saving")

ENDED = ("finished", "stopped", "failed", "interrupted")

Request = Literal["cancel", "stop", "pause"]

REQUESTS: tuple[Request, ...] = ("cancel", "stop", "pause")
"""What a job can be asked for, the strongest first."""

NO_MEMORY = errno.ENOMEM
"""What a worker returns that ran out of memory, and lived to tell."""

_GOES_ON = "It goes on by itself when there is room."
_WITHOUT_MEMORY = "Close other programs before you resume, or start again with less."
_STOPPED = "The computer or the program stopped while this was running."
_HALTED = "The process was halted from outside (SIGSTOP) and does nothing."
_DAMAGED = "Its file status.json is damaged, so nobody can tell how it ended."
_POLL_SECONDS = 0.2

_CRASHES = (signal.SIGSEGV, signal.SIGILL, signal.SIGABRT, signal.SIGBUS, signal.SIGFPE)


@dataclass(frozen=True)
class Status:
    """What a job is doing; `message` is one plain sentence, `hint` what to do about a failure."""

    phase: str
    step: int = 0
    steps: int = 0
    message: str = ""
    hint: str = ""


@dataclass(frozen=True)
class Exit:
    """How a worker ended: an exit code, or the number of the signal that ended it."""

    code: int | None
    signal: int | None
    out_of_memory: bool
    seconds: float
    peak_gb: float = 0.0
    """The most memory that it had of its own; 0 where nobody looked."""

    def sentence(self) -> str:
        """Why it ended, for a person."""
        if self.out_of_memory:
            return "The computer ran out of memory."
        if self.signal == signal.SIGXCPU:
            return "It took more processor time than it may."
        if self.signal in _CRASHES:
            return f"The process crashed ({signal.Signals(self.signal).name})."
        if self.code == os.EX_IOERR:
            return "The files of this run could not be read or written."
        if self.signal is not None:
            return f"The process was ended from outside ({signal.Signals(self.signal).name})."
        return f"The process ended unexpectedly with code {self.code}."


class JobFolder:
    """Reads and writes the files that every job has. One writer a file."""

    interrupted_hint = "Resume goes on from the last checkpoint."

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def id(self) -> str:
        return self.path.name

    @property
    def log_path(self) -> Path:
        return self.path / "log.txt"

    @property
    def system_path(self) -> Path:
        return self.path / "system.jsonl"

    def write_status(self, status: Status) -> None:
        write_json(self.path / "status.json", asdict(status))

    def stored_status(self) -> Status:
        """What the job itself said last, true or not any more."""
        path = self.path / "status.json"
        record = read_json(path)
        if not record and not path.exists():
            return Status("created")
        try:
            return Status(**record)
        except TypeError:
            return Status("interrupted", message=_DAMAGED, hint=self.interrupted_hint)

    def status(self) -> Status:
        """What is true now: a live phase without a living process reads `interrupted`."""
        stored = self.stored_status()
        if stored.phase == "paused" and self.waits_for_room():
            return replace(stored, message=tell_lack(self.path, self.needed_bytes()), hint=_GOES_ON)
        if stored.phase not in (*LIVE, "queued"):
            return stored
        if self.is_alive():
            return self._halted(stored) or stored
        stored = self.stored_status()  # its last word may have come in between
        return stored if stored.phase not in (*LIVE, "queued") else self._interrupted(stored)

    def _halted(self, stored: Status) -> Status | None:
        """What is true of a worker that lives and may not run, None of any other."""
        worker = self.processes().get("worker")
        if worker is None or not worker.is_halted():
            return None
        return replace(stored, message=_HALTED, hint=f"To let it go on: kill -CONT {worker.pid}")

    def _interrupted(self, stored: Status) -> Status:
        ended = self.exit()
        reason = self.tell_end(ended) if ended else obstacle(self.path) or _STOPPED
        hint = _WITHOUT_MEMORY if ended and ended.out_of_memory else self.interrupted_hint
        return Status("interrupted", stored.step, stored.steps, reason, hint)

    def tell_end(self, ended: Exit) -> str:
        """Why its worker ended, for a person; some kinds of jobs know more of it."""
        return ended.sentence()

    def ran_out_of_memory(self) -> bool:
        """Whether its last worker ended by that, killed or not."""
        ended = self.exit()
        return ended is not None and ended.out_of_memory

    def needed_bytes(self) -> int:
        """How much room a job lacks that was paused for want of it; 0 for any other."""
        return int(read_json(self.path / "room.json").get("needed_bytes", 0))

    def write_needed(self, needed_bytes: int) -> None:
        write_json(self.path / "room.json", {"needed_bytes": needed_bytes})

    def forget_lack(self) -> None:
        """It does not lack room any more, and did not end by that."""
        for name in ("room.json", "exit.json"):
            (self.path / name).unlink(missing_ok=True)

    def lacks_room(self) -> bool:
        """Whether it is paused for want of room."""
        return self.stored_status().phase == "paused" and self.needed_bytes() > 0

    def waits_for_room(self) -> bool:
        """Whether it goes on by itself when there is room."""
        return self.lacks_room() and self.is_alive()

    def is_alive(self) -> bool:
        """Whether the supervisor or the worker still runs."""
        return any(process.is_alive() for process in self.processes().values())

    def processes(self) -> dict[str, ProcessId]:
        """`supervisor` and `worker`, as far as they were started."""
        record = read_json(self.path / "process.json")
        try:
            return {role: ProcessId.from_json(record[role]) for role in ("supervisor", "worker") if role in record}
        except (KeyError, TypeError, ValueError):
            return {}

    def queued_at(self) -> float:
        return float(read_json(self.path / "process.json").get("queued_at", 0.0))

    def write_process(self, queued_at: float, **roles: ProcessId) -> None:
        record: dict[str, Any] = {"queued_at": queued_at}
        write_json(self.path / "process.json", record | {role: p.to_json() for role, p in roles.items()})

    def exit(self) -> Exit | None:
        """How the worker ended; None where that is not known."""
        try:
            return Exit(**read_json(self.path / "exit.json"))
        except TypeError:
            return None

    def write_exit(self, ended: Exit) -> None:
        write_json(self.path / "exit.json", asdict(ended))

    def ask_to(self, what: Request) -> None:
        """Ask the job to save and end (stop), to save and make room (pause), or to end as it is (cancel)."""
        (self.path / what).touch()

    def requested(self) -> Request | None:
        """The strongest of what the job was asked for."""
        return next((what for what in REQUESTS if (self.path / what).exists()), None)

    def request_stop(self) -> None:
        self.ask_to("stop")

    def stop_requested(self) -> bool:
        """Whether the job is to end for good."""
        return self.requested() in ("cancel", "stop")

    def prepare_attempt(self) -> None:
        """Forget what was asked of an earlier attempt and what became of it, not how far it came."""
        stored = self.stored_status()
        for name in (*REQUESTS, "turn.json", "room.json", "exit.json", "process.json"):
            (self.path / name).unlink(missing_ok=True)
        self.write_status(Status("created", stored.step, stored.steps))

    def wait(self, on_poll: Callable[[Status], None] = lambda status: None) -> Status:
        """Block until the job has ended or is paused, and its processes with it."""
        while (status := self.status()).phase not in (*ENDED, "paused") or self.is_alive():
            on_poll(status)
            time.sleep(_POLL_SECONDS)
        return status

    def wait_for_processes(self, most_seconds: float) -> None:
        """A job says that it has ended a moment before its processes have."""
        deadline = time.monotonic() + most_seconds
        while self.is_alive() and time.monotonic() < deadline:
            time.sleep(_POLL_SECONDS)

    def log_tail(self, lines: int = 60) -> str:
        """The end of the log, read without the rest of it."""
        if not self.log_path.exists():
            return ""
        with self.log_path.open("rb") as file:
            file.seek(max(0, self.log_path.stat().st_size - 200 * lines))
            text = file.read().decode("utf-8", errors="replace")
        return "\n".join(text.splitlines()[-lines:])
