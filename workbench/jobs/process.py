"""Which process is meant: a pid alone is not enough, since pids are reused."""

import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

import psutil

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True)
class ProcessId:
    """A process told apart from any later one with the same pid, also after a restart of the machine.

    `start_time` counts from the start of the machine where the system tells, so that setting the clock changes nothing.
    """

    pid: int
    start_time: float
    boot_id: str

    @classmethod
    def of(cls, pid: int) -> Self:
        """The running process `pid`. Raises psutil.NoSuchProcess."""
        return cls(pid, _start_time(pid), _boot_id())

    @classmethod
    def current(cls) -> Self:
        return cls.of(os.getpid())

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        return cls(int(data["pid"]), float(data["start_time"]), str(data["boot_id"]))

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    def is_alive(self) -> bool:
        """Whether exactly this process still runs; a zombie does not."""
        return self._state() not in (None, psutil.STATUS_ZOMBIE)

    def is_halted(self) -> bool:
        """Whether it lives and was halted from outside, as by SIGSTOP."""
        return self._state() == psutil.STATUS_STOPPED

    def signal(self, number: int) -> bool:
        """Send a signal, never to a foreign process; False if this one has ended."""
        if not self.is_alive():
            return False
        os.kill(self.pid, number)
        return True

    def signal_group(self, number: int) -> bool:
        """The same to this process and its children, where it leads a group of its own."""
        if not self.is_alive() or os.getpgid(self.pid) != self.pid:
            return self.signal(number)
        os.killpg(self.pid, number)
        return True

    def _state(self) -> str | None:
        """What exactly this process does, in psutil's words; None if there is no such process."""
        if self.boot_id != _boot_id():
            return None
        try:
            same = abs(_start_time(self.pid) - self.start_time) < 0.05
            return psutil.Process(self.pid).status() if same else None
        except psutil.NoSuchProcess:
            return None


def _start_time(pid: int) -> float:
    stat = Path(f"/proc/{pid}/stat")
    try:
        # Field 22 of proc(5); the name in field 2 may hold spaces and brackets.
        return float(stat.read_text().rpartition(")")[2].split()[19])
    except FileNotFoundError:
        return psutil.Process(pid).create_time()


def _boot_id() -> str:
    return _BOOT_ID.read_text().strip() if _BOOT_ID.exists() else str(psutil.boot_time())
