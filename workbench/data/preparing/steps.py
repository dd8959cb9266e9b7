"""One step of preparing, seen from outside: is its result there, is it being made, or why can it not be made."""

import json
import shutil
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from workbench.data.preparing.requests import ReadRequest, TokenRequest
from workbench.data.preparing.results import Result
from workbench.errors import DataError, WorkbenchError
from workbench.jobs import supervisor
from workbench.jobs.files import read_json, write_json
from workbench.jobs.folder import ENDED, JobFolder, Status

_WORKER = "workbench.data.preparing.worker"
_POLL_SECONDS = 0.05
_KEPT_RESULTS = 30
_KINDS: dict[type, str] = {ReadRequest: "examples", TokenRequest: "tokens"}


@dataclass(frozen=True)
class Waiting:
    """Not there yet; `done` of `total` rows, where the total is known."""

    message: str
    done: int = 0
    total: int = 0


class Step:
    """A request and the folder of its result, below the workspace's cache."""

    def __init__(self, request: ReadRequest | TokenRequest, root: Path) -> None:
        self._request = request
        self._cache = root / "cache" / _KINDS[type(request)]
        self.job = JobFolder(self._cache / request.key())

    @property
    def result(self) -> Path:
        """The folder, complete or not."""
        return self.job.path

    def look(self, *, start: bool = True) -> Waiting | None:
        """None if the result is there; begins to make it if `start`. Raises DataError for what cannot be read."""
        if Result(self.result).is_ready:
            return None
        self._raise_refusal()
        status = self.job.status()
        if status.phase in ENDED and not start:
            raise _ended(status.message)
        if start and status.phase in (*ENDED, "created") and not self.job.is_alive():
            self._start()
        return Waiting(status.message or "Waiting to be read.", status.step, status.steps)

    def wait(self, on_wait: Callable[[Waiting], None]) -> None:
        """Until the result is there. Raises DataError."""
        waiting = self.look()
        while waiting:
            on_wait(waiting)
            time.sleep(_POLL_SECONDS)
            waiting = self.look(start=False)

    def cancel(self) -> None:
        """Ask the worker to end; what it made so far is of no use."""
        self.job.request_stop()

    def _start(self) -> None:
        _prune(self._cache)
        self.job.path.mkdir(parents=True, exist_ok=True)
        kind = _KINDS[type(self._request)]
        write_json(self.job.path / "request.json", {"kind": kind, "request": asdict(self._request)})
        supervisor.start(self.job, self.job.path / "slot.lock", _WORKER)

    def _raise_refusal(self) -> None:
        refusal = read_json(self.job.path / "refusal.json")
        if refusal:
            raise DataError(refusal["message"], refusal["hint"])


def _ended(reason: str) -> DataError:
    return DataError(f"The data could not be read. {reason}".strip(), "Choose it again to try once more.")


def _prune(cache: Path) -> None:
    """Forget the results that were made longest ago; a run keeps what it uses in its own folder."""
    made = [path for path in cache.glob("*") if Result(path).is_ready]
    for path in sorted(made, key=lambda path: path.stat().st_mtime_ns)[:-_KEPT_RESULTS]:
        shutil.rmtree(path, ignore_errors=True)


def refuse(job: JobFolder, error: WorkbenchError) -> None:
    """Keep why the same request will be refused again, so that nobody has to try."""
    write_json(job.path / "refusal.json", {"message": error.message, "hint": error.hint})
    job.write_status(Status("failed", message=error.message, hint=error.hint))


def request_of(job: JobFolder) -> ReadRequest | TokenRequest:
    """What a worker was started for."""
    stored = json.loads((job.path / "request.json").read_text(encoding="utf-8"))
    kinds = {kind: request for request, kind in _KINDS.items()}
    request: ReadRequest | TokenRequest = kinds[stored["kind"]].from_json(stored["request"])
    return request
