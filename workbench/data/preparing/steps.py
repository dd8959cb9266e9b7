"""One step of preparing, seen from outside: is its result there, is it being made, or why can it not be made."""

import contextlib
import shutil
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from workbench.data.preparing.requests import ReadRequest, TokenRequest
from workbench.data.preparing.results import Result, discard
from workbench.errors import DataError, RunError, SettingError, WorkbenchError
from workbench.jobs import supervisor
from workbench.jobs.files import read_json, write_json
from workbench.jobs.folder import ENDED, JobFolder, Status

_WORKER = "workbench.data.preparing.worker"
_AGAIN = "Choose it again to try once more, or split it into parts."
_POLL_SECONDS = 0.05
_KEPT_RESULTS = 30
_WAITING = {"examples": "Reading the examples.", "tokens": "Counting the tokens."}
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

    def look(self, patience_seconds: float = 0.0) -> Waiting | None:
        """None if the result is there within `patience_seconds`; begins to make it where nobody has.

        Raises DataError for what cannot be read, and, once each, for a reading that was cut short.
        """
        if self._is_ready():
            return None
        with _room_for(self._cache):
            if not self.job.is_alive():
                self._raise_ended()
                self._start()
        deadline = time.monotonic() + patience_seconds
        while not self._is_ready() and self.job.is_alive() and time.monotonic() < deadline:
            time.sleep(_POLL_SECONDS)
        is_alive, status = self.job.is_alive(), self.job.stored_status()
        if self._is_ready():
            return None
        if not is_alive:
            with _room_for(self._cache):
                self._raise_ended()
        return Waiting(_WAITING[_KINDS[type(self._request)]], status.step, status.steps)

    def cancel(self) -> None:
        """Ask the worker to end; what it made so far is of no use."""
        if self.job.is_alive():
            self.job.request_stop()

    def _is_ready(self) -> bool:
        return Result(self.result).is_ready

    def _raise_ended(self) -> None:
        """Raise what an earlier attempt came to: a refusal each time, else once, so that one can try again."""
        refusal = read_json(self.job.path / "refusal.json")
        if setting := refusal.get("setting"):
            raise SettingError(setting, refusal["message"], refusal["hint"])
        if refusal:
            raise DataError(refusal["message"], refusal["hint"])
        status = self.job.status()
        if status.phase in ENDED:
            discard(self.job.path)
            self.job.write_status(Status("created"))
            hint = status.hint if status.phase == "failed" else ""
            raise DataError(f"The data could not be read. {status.message}", hint or _AGAIN)

    def _start(self) -> None:
        _prune(self._cache)
        self.job.path.mkdir(parents=True, exist_ok=True)
        kind = _KINDS[type(self._request)]
        write_json(self.job.path / "request.json", {"kind": kind, "request": asdict(self._request)})
        # Another visitor may have been quicker; if it cannot be started at all, the next look says so.
        with contextlib.suppress(RunError):
            supervisor.start(self.job, self.job.path / "slot.lock", _WORKER)


@contextlib.contextmanager
def _room_for(cache: Path) -> Iterator[None]:
    """Raises DataError where the workspace cannot be written to."""
    try:
        yield
    except OSError as error:
        reason = error.strerror or str(error)
        hint = "Make room there, or choose another folder for the workspace (--root)."
        raise DataError(f"The folder “{cache}” cannot be written to: {reason}.", hint) from error


def _prune(cache: Path) -> None:
    """Forget the results that were made longest ago; a run keeps what it uses in its own folder."""
    idle = [path for path in cache.glob("*") if not JobFolder(path).is_alive()]
    made = [path for path in idle if Result(path).is_ready]
    given_up = [path for path in idle if path not in made]
    for path in given_up:
        discard(path)
    for paths in (made, given_up):
        for path in sorted(paths, key=lambda path: path.stat().st_mtime_ns)[:-_KEPT_RESULTS]:
            shutil.rmtree(path, ignore_errors=True)


def refuse(job: JobFolder, error: WorkbenchError) -> None:
    """Keep why the same request will be refused again, so that nobody has to try."""
    setting = error.setting if isinstance(error, SettingError) else ""
    write_json(job.path / "refusal.json", {"message": error.message, "hint": error.hint, "setting": setting})
    job.write_status(Status("failed", message=error.message, hint=error.hint))


def request_of(job: JobFolder) -> ReadRequest | TokenRequest:
    """What a worker was started for."""
    stored = read_json(job.path / "request.json")
    if stored["kind"] == _KINDS[ReadRequest]:
        return ReadRequest.from_json(stored["request"])
    return TokenRequest.from_json(stored["request"])
