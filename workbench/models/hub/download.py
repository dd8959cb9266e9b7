"""Downloading a model as a background job: begun, looked at, cancelled. What has come stays, and is gone on from."""

from dataclasses import asdict, dataclass
from pathlib import Path

from workbench.config.names import slug
from workbench.errors import ModelError
from workbench.jobs import supervisor
from workbench.jobs.errand import Errand, new_id
from workbench.jobs.files import read_json, write_json
from workbench.jobs.folder import ENDED
from workbench.jobs.transfer import bytes_per_second
from workbench.models.hub.request import ModelRequest
from workbench.runs.root import prepare

_WORKER = "workbench.models.hub.worker"
_FOLDER = "model-downloads"
_REQUEST = "request.json"


class ModelDownload(Errand):
    """The folder of one download, ROOT/model-downloads/ID. The steps of its status are bytes."""

    interrupted_hint = "Download it again: it goes on from where it was."

    @classmethod
    def create(cls, root: Path, request: ModelRequest) -> "ModelDownload":
        folder = root / _FOLDER
        folder.mkdir(exist_ok=True)
        name = slug(request.id.partition("/")[2])
        job = cls(folder / f"{new_id()}-{name}"[:64])
        job.path.mkdir()
        write_json(job.path / _REQUEST, asdict(request))
        return job

    @property
    def request(self) -> ModelRequest:
        return ModelRequest(**read_json(self.path / _REQUEST))


@dataclass(frozen=True)
class Progress:
    """How far a download is."""

    id: str
    revision: str
    phase: str
    message: str
    hint: str
    done_bytes: int
    total_bytes: int
    """0 until the hub has said."""
    bytes_per_second: float
    name: str
    """What the list of models calls it; empty until it is here."""
    goes_on: bool


def start(root: Path, request: ModelRequest) -> ModelDownload:
    """Begin to download a model, or go on where an earlier try broke off; if that is under way, it is that one.

    Raises ModelError for what can be no model of the hub.
    """
    request.check()
    under_way = next((job for job in downloads(root) if job.request == request and job.goes_on), None)
    if under_way:
        return under_way
    job = ModelDownload.create(prepare(root), request)
    supervisor.start(job, root / f"{_FOLDER}.lock", _WORKER, online=True)
    return job


def look(root: Path) -> Progress | None:
    """How far the latest download is; None if there never was one."""
    jobs = downloads(root)
    return progress(jobs[0]) if jobs else None


def cancel(root: Path) -> None:
    """End the latest download. Raises ModelError if none is under way."""
    jobs = downloads(root)
    if not jobs or not jobs[0].goes_on:
        raise ModelError("No model is being downloaded.", "There is nothing to cancel.")
    jobs[0].request_stop()


def downloads(root: Path) -> list[ModelDownload]:
    """All downloads, the latest first. A folder without a request is what a sudden end left of one."""
    requests = sorted((root / _FOLDER).glob(f"*/{_REQUEST}"), reverse=True)
    return [ModelDownload(path.parent) for path in requests]


def progress(job: ModelDownload) -> Progress:
    """How far one download is."""
    status, request = job.status(), job.request
    return Progress(
        id=request.id,
        revision=request.revision,
        phase=status.phase,
        message=status.message,
        hint=status.hint,
        done_bytes=status.step,
        total_bytes=status.steps,
        bytes_per_second=bytes_per_second(job),
        name=request.name if status.phase == "finished" else "",
        goes_on=status.phase not in ENDED,
    )
