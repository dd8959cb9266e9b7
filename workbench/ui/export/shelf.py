"""Where the page puts exports: folders of ROOT/exported, by a name and never a path."""

from pathlib import Path

from workbench.config.names import check_id, is_id
from workbench.errors import RunError
from workbench.export.job import ExportJob, exports
from workbench.jobs.trash import Trash
from workbench.ui import text_export as text

FOLDER = "exported"
_MOST_OF_RUN = 40


def place(root: Path, name: str) -> Path:
    """Where an export of this name comes to lie. Raises WorkbenchError for what is no name, or taken."""
    if check_id(name) in _taken(root):
        raise RunError(text.NAME_TAKEN.format(name), text.OTHER_NAME)
    return _area(root) / name


def free_name(root: Path, run: str, target: str, numbers: str) -> str:
    """What an export is called that was given no name."""
    name, taken = "-".join(filter(None, (run[:_MOST_OF_RUN], target, numbers))), _taken(root)
    return next(tried for number in range(1, len(taken) + 2) if (tried := _numbered(name, number)) not in taken)


def made(root: Path) -> list[ExportJob]:
    """Those that lie here, the latest first."""
    return [job for job in exports(root) if _is_made(job)]


def latest(root: Path) -> ExportJob | None:
    return next(iter(exports(root)), None)


def find(root: Path, job_id: str) -> ExportJob:
    """Raises RunError."""
    job = next((job for job in exports(root) if job.id == job_id), None)
    if job is None:
        raise RunError(text.NO_EXPORT.format(job_id[:40]), text.CHOOSE_EXPORT)
    return job


def find_made(root: Path, job_id: str) -> ExportJob:
    """One that lies here. Raises RunError."""
    job = find(root, job_id)
    if not _is_made(job):
        raise RunError(text.NO_EXPORT.format(job.request.out.name), text.CHOOSE_EXPORT)
    return job


def delete(root: Path, job_id: str) -> None:
    """Take an export off the list; it can be brought back for a week."""
    Trash(_area(root)).take(find_made(root, job_id).request.out)


def undelete(root: Path, job_id: str) -> None:
    """Raises RunError if that cannot be."""
    out, trash = find(root, job_id).request.out, Trash(_area(root))
    if out.parent != _area(root) or not trash.holds(out.name):
        raise RunError(text.CANNOT_COME_BACK.format(out.name), text.KEPT_A_WEEK)
    if out.exists():
        raise RunError(text.NAME_TAKEN.format(out.name), text.OTHER_NAME)
    trash.give_back(out.name)


def _area(root: Path) -> Path:
    folder = root / FOLDER
    folder.mkdir(exist_ok=True)
    return folder


def _is_made(job: ExportJob) -> bool:
    """The command line exports to other places, too, which are no business of the page."""
    out = job.request.out
    return out.parent == job.root / FOLDER and job.stored_status().phase == "finished" and out.exists()


def _taken(root: Path) -> set[str]:
    under_way = {job.request.out.name for job in exports(root) if job.goes_on}
    return under_way | {path.name for path in _area(root).iterdir() if is_id(path.name)}


def _numbered(name: str, number: int) -> str:
    return name if number == 1 else f"{name}-{number}"
