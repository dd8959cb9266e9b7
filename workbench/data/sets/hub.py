"""Fetching a dataset from the hub by its name: what can be asked for, and the background job that does it."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from workbench.config.names import slug
from workbench.data.sets.samples import samples
from workbench.data.sets.versions import check_name
from workbench.errors import DataError
from workbench.hub.names import ID, MAX_CHARACTERS, REVISION, fits
from workbench.jobs import supervisor
from workbench.jobs.errand import new_id
from workbench.jobs.files import read_json, write_json
from workbench.jobs.folder import JobFolder
from workbench.runs.root import prepare

_WORKER = "workbench.data.sets.hub_worker"
_SHAPES = {
    "id": (ID, "a dataset of the hub", "It looks like “org/name”; an address or a path is none."),
    "config": (r"\w[\w.+-]*", "a configuration", "Its page on the hub lists them."),
    "split": (r"\w+(?:\.\w+)*", "a split", "Most datasets have one called train."),
    "revision": (REVISION, "a revision", "It is a branch, a tag or a commit, such as main."),
}


@dataclass(frozen=True)
class HubRequest:
    """A dataset of the hub, and which part and state of it. What is empty is found, if there is only one choice."""

    id: str
    config: str = ""
    split: str = ""
    revision: str = ""

    def check(self) -> None:
        """Raises DataError for what can be the name of nothing there."""
        for field, (shape, what, hint) in _SHAPES.items():
            text = getattr(self, field)
            if not fits(shape, text) and (text or field == "id"):
                raise DataError(f"“{text[:MAX_CHARACTERS]}” is not the name of {what}.", hint)


class Download(JobFolder):
    """The folder of one fetch, ROOT/downloads/ID. The steps of its status are bytes."""

    interrupted_hint = "Fetch it again."

    @classmethod
    def create(cls, root: Path, request: HubRequest, name: str) -> "Download":
        folder = root / "downloads"
        folder.mkdir(exist_ok=True)
        job = cls(folder / f"{new_id()}-{name}"[:64])
        job.path.mkdir()
        write_json(job.path / "request.json", {"request": asdict(request), "name": name})
        return job

    @property
    def root(self) -> Path:
        return self.path.parents[1]

    @property
    def request(self) -> HubRequest:
        return HubRequest(**self._asked()["request"])

    @property
    def name(self) -> str:
        """What the set is called."""
        return str(self._asked()["name"])

    @property
    def reference(self) -> str:
        """The version that came of it, such as `shop@1`; empty until it has finished."""
        return str(read_json(self.path / "result.json").get("reference", ""))

    def write_reference(self, reference: str) -> None:
        write_json(self.path / "result.json", {"reference": reference})

    def _asked(self) -> dict[str, Any]:
        return read_json(self.path / "request.json")


def start(root: Path, request: HubRequest, name: str = "") -> Download:
    """Fetch a dataset in the background, as the next version of the set `name`, or else of one called after it."""
    request.check()
    name = name or _name_after(request.id)
    check_name(name)
    job = Download.create(prepare(root), request, name)
    supervisor.start(job, root / "downloads.lock", _WORKER, online=True)
    return job


def downloads(root: Path) -> list[Download]:
    """All fetches, the latest first."""
    folders = sorted((path for path in (root / "downloads").glob("*") if path.is_dir()), reverse=True)
    return [Download(path) for path in folders]


def _name_after(id: str) -> str:
    organisation, name = id.split("/")
    return slug(name) if slug(name) not in samples() else slug(f"{organisation} {name}")
