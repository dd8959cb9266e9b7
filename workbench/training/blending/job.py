"""Blending as a background job: begun, looked at, cancelled. No torch."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from workbench.errors import RunError
from workbench.jobs import supervisor
from workbench.jobs.errand import Errand, new_id
from workbench.jobs.files import read_json, write_json
from workbench.jobs.folder import ENDED, Status
from workbench.jobs.trash import destroy
from workbench.runs.root import prepare
from workbench.training.blending.recipe import check
from workbench.training.blending.request import BlendRequest

_WORKER = "workbench.training.blending.worker"
_FOLDER = "blends"
_REQUEST, _RESULT = "request.json", "result.json"
_ASIDE = ".blend-"
_KEPT_JOBS = 10


class BlendJob(Errand):
    """The folder of one blending, ROOT/blends/ID. The steps of its status are layers."""

    interrupted_hint = "Blend them again: nothing was kept."

    @classmethod
    def create(cls, root: Path, request: BlendRequest) -> "BlendJob":
        folder = root / _FOLDER
        folder.mkdir(exist_ok=True)
        job = cls(folder / new_id())
        job.path.mkdir()
        write_json(job.path / _REQUEST, request.to_json())
        return job

    @property
    def root(self) -> Path:
        return self.path.parents[1]

    @property
    def request(self) -> BlendRequest:
        return BlendRequest.from_json(read_json(self.path / _REQUEST))

    @property
    def aside(self) -> Path:
        """Where the run is made, beside the others and not among them, so that it gets its place in one step."""
        return self.root / "runs" / f"{_ASIDE}{self.id}"

    @property
    def result(self) -> str:
        """The id of the run that came of it, "" while there is none."""
        return str(read_json(self.path / _RESULT).get("run", ""))

    def write_result(self, run_id: str) -> None:
        write_json(self.path / _RESULT, {"run": run_id})


@dataclass(frozen=True)
class Progress:
    """How far a blending is; `run` is the id of what came of it."""

    status: Status
    run: str
    goes_on: bool


def start(root: Path, request: BlendRequest) -> BlendJob:
    """Begin to blend; if the same is under way, it is that one. Raises RunError for what cannot be blended."""
    check(request, root)
    under_way = next((job for job in blendings(root) if job.request == request and job.goes_on), None)
    if under_way:
        return under_way
    _sweep(prepare(root))
    job = BlendJob.create(root, request)
    supervisor.start(job, root / f"{_FOLDER}.lock", _WORKER)
    return job


def look(root: Path) -> Progress | None:
    """How far the latest blending is; None if there never was one."""
    job = next(iter(blendings(root)), None)
    if job is None:
        return None
    status = job.status()
    return Progress(status, job.result if status.phase == "finished" else "", status.phase not in ENDED)


def cancel(root: Path) -> None:
    """End the latest blending. Raises RunError if none is under way."""
    job = next(iter(blendings(root)), None)
    if job is None or not job.goes_on:
        raise RunError("Nothing is being blended.", "There is nothing to cancel.")
    job.request_stop()


def blendings(root: Path) -> list[BlendJob]:
    """All that are remembered, the latest first."""
    requests = sorted((root / _FOLDER).glob(f"[!.]*/{_REQUEST}"), reverse=True)
    return [BlendJob(path.parent) for path in requests]


def _sweep(root: Path) -> None:
    """Remove what killed processes left half-made, and forget old jobs: what came of them are runs."""
    for leftover in (root / "runs").glob(f"{_ASIDE}*"):
        job = BlendJob(root / _FOLDER / leftover.name.removeprefix(_ASIDE))
        if not job.is_alive():
            shutil.rmtree(leftover)
    for old in [job for job in blendings(root) if not job.goes_on][_KEPT_JOBS:]:
        destroy(old.path, root / _FOLDER)
