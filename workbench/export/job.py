"""Exporting as a background job: checked, begun, looked at. No torch."""

import shutil
from pathlib import Path

from workbench.errors import RunError
from workbench.export.placing import is_zip
from workbench.export.record.statement import check as check_statement
from workbench.export.record.statement import keep_statement
from workbench.export.request import ExportRequest
from workbench.export.targets import TARGETS
from workbench.jobs import supervisor
from workbench.jobs.errand import Errand, new_id
from workbench.jobs.files import read_json, write_json
from workbench.jobs.room import has_room, tell_lack
from workbench.jobs.trash import destroy
from workbench.runs.root import prepare
from workbench.runs.run_dir import RunDir

_WORKER = "workbench.export.worker"
_FOLDER, _REQUEST = "exports", "request.json"
_KEPT_JOBS = 10


class ExportJob(Errand):
    """The folder of one export, ROOT/exports/ID. The steps of its status are bytes."""

    interrupted_hint = "Export it again: nothing was kept."

    @property
    def root(self) -> Path:
        return self.path.parents[1]

    @property
    def request(self) -> ExportRequest:
        return ExportRequest.from_json(read_json(self.path / _REQUEST))

    @property
    def aside(self) -> Path:
        """Where it is made, beside its place, so that it gets its name in one step."""
        return self.request.out.parent / f".export-{self.id}"

    @property
    def packed(self) -> Path:
        """The same as a zip file, where that is asked for."""
        return self.aside.with_name(f"{self.aside.name}.zip")

    def sweep(self) -> None:
        """Remove what was made aside and did not get its name."""
        shutil.rmtree(self.aside, ignore_errors=True)
        self.packed.unlink(missing_ok=True)


def start(root: Path, request: ExportRequest) -> ExportJob:
    """Begin to export. Raises WorkbenchError for what cannot be, or not to there."""
    check(root, request)
    _sweep(prepare(root))
    job = ExportJob(root / _FOLDER / new_id())
    job.path.mkdir(parents=True)
    write_json(job.path / _REQUEST, request.to_json())
    if request.statement:
        keep_statement(RunDir.open(root, request.run), request.statement)
    supervisor.start(job, root / f"{_FOLDER}.lock", _WORKER)
    return job


def check(root: Path, request: ExportRequest) -> None:
    """Raises WorkbenchError for what cannot be exported so, or not to there."""
    check_statement(request.statement)
    run = RunDir.open(root, request.run)
    if not run.has_adapter():
        raise RunError(f"{run.name} has no result yet.", "Wait until it has finished, or choose another run.")
    target = TARGETS[request.target]
    target.check(run)
    check_place(request.out)
    needed = target.room_bytes(run, request.numbers, zipped=is_zip(request.out))
    if not has_room(request.out.parent, needed):
        raise RunError(tell_lack(request.out.parent, needed), "Make room, or choose another folder.")


def check_place(out: Path) -> None:
    """Raises RunError where nothing can come to be, or something is already."""
    if out.exists():
        raise RunError(f"{out} is there already.", "Name a folder or file that does not exist yet.")
    if not out.parent.is_dir():
        raise RunError(f"There is no folder {out.parent}.", "Make it first, or name another place.")


def exports(root: Path) -> list[ExportJob]:
    """All that are remembered, the latest first."""
    return [ExportJob(path.parent) for path in sorted((root / _FOLDER).glob(f"[!.]*/{_REQUEST}"), reverse=True)]


def _sweep(root: Path) -> None:
    """Remove what killed exports left half-made, and forget old ones of which nothing is there."""
    ended = [job for job in exports(root) if not job.goes_on]
    for job in ended:
        job.sweep()
    gone = [job for job in ended if not job.request.out.exists()]
    for job in gone[_KEPT_JOBS:]:
        destroy(job.path, root / _FOLDER)
