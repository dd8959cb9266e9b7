"""Uploading an export as a background job: checked, announced, begun, looked at. No torch."""

import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from workbench.errors import RunError
from workbench.export.hub.parcel import Parcel, read_parcel
from workbench.hub.names import ID, MAX_CHARACTERS, fits
from workbench.hub.token import VARIABLE, token
from workbench.jobs import supervisor
from workbench.jobs.errand import Errand, new_id
from workbench.jobs.files import read_json, write_json
from workbench.jobs.trash import destroy
from workbench.runs.root import prepare

_WORKER = "workbench.export.hub.worker"
_FOLDER, _REQUEST = "pushes", "request.json"
_KEPT_JOBS = 10


@dataclass(frozen=True)
class PushRequest:
    folder: Path
    """An export."""
    id: str
    """What the repository is called on the hub, such as user/name."""
    public: bool = False
    """Whether everyone can see it."""

    def to_json(self) -> dict[str, Any]:
        return asdict(self) | {"folder": str(self.folder)}

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> Self:
        return cls(Path(told["folder"]), told["id"], told["public"])

    @property
    def visibility(self) -> str:
        return "public" if self.public else "private"


class PushJob(Errand):
    """The folder of one upload, ROOT/pushes/ID. The steps of its status are bytes."""

    interrupted_hint = "Push it again: large files that have arrived need not go again."

    @property
    def request(self) -> PushRequest:
        return PushRequest.from_json(read_json(self.path / _REQUEST))


def start(root: Path, request: PushRequest) -> PushJob:
    """Begin to upload. Raises RunError for what cannot go, or not to there."""
    announce(request)
    if any(job.goes_on and job.request.id == request.id for job in pushes(root)):
        raise RunError(f"Something is being uploaded to “{request.id}” already.", "Wait until it has ended.")
    _forget(pushes(prepare(root))[_KEPT_JOBS:], root)
    job = PushJob(root / _FOLDER / new_id())
    job.path.mkdir(parents=True)
    write_json(job.path / _REQUEST, request.to_json())
    supervisor.start(job, root / f"{_FOLDER}.lock", _WORKER, online=True)
    return job


def announce(request: PushRequest) -> str:
    """What would go, how much it is, and to whom. Raises RunError for what cannot go, or not to there."""
    if not fits(ID, request.id):
        asked = request.id[:MAX_CHARACTERS]
        raise RunError(f"“{asked}” cannot be a name on the hub.", "It looks like “user/name”, your user name first.")
    parcel = check(request.folder)
    seen = "everyone can see it" if request.public else "only its owners can see it"
    return (
        f"{len(parcel.digests)} files of {request.folder.name}, {_size(parcel.size_bytes)}, go to “{request.id}” on "
        f"{_hub()}, a new {request.visibility} repository: {seen}."
    )


def check(folder: Path) -> Parcel:
    """What would go of an export. Raises RunError for what cannot go, wherever to."""
    parcel = read_parcel(folder)
    if not token():
        hint = f"Make one that may write on your settings page there, and start the workbench with it in {VARIABLE}."
        raise RunError(f"There is no token in {VARIABLE}, and the hub takes nothing without.", hint)
    return parcel


def pushes(root: Path) -> list[PushJob]:
    """All that are remembered, the latest first."""
    return [PushJob(path.parent) for path in sorted((root / _FOLDER).glob(f"[!.]*/{_REQUEST}"), reverse=True)]


def _forget(jobs: Sequence[PushJob], root: Path) -> None:
    for job in jobs:
        if not job.goes_on:
            destroy(job.path, root / _FOLDER)


def _hub() -> str:
    """Another one is set by a variable, whose value may hold a password."""
    return "the hub that HF_ENDPOINT names" if os.environ.get("HF_ENDPOINT") else "huggingface.co"


def _size(size_bytes: int) -> str:
    if size_bytes < 1e6:
        return f"{size_bytes / 1e3:,.0f} kB"
    return f"{size_bytes / 1e6:,.0f} MB" if size_bytes < 1e9 else f"{size_bytes / 1e9:,.1f} GB"
