"""Exports that are broken off at any moment, or run out of room: what has its name is complete, or is not there.

Workers are forked from a process that has the libraries in memory and has computed nothing: twenty of them would take
minutes to come up, and a fork of one whose threads have computed may wait for these for ever.
"""

import multiprocessing
import random
import resource
import sys
import time
import zipfile
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tests.export.made import written
from tests.training.blended import made_run
from workbench.export import job as exporting
from workbench.export import worker
from workbench.export.job import ExportJob
from workbench.export.request import ExportRequest
from workbench.runs.run_dir import RunDir

pytestmark = pytest.mark.slow

_KILLS = 20
_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["workbench.export.makings", "workbench.export.record.writing"])
_FORMS = [("merged", "bf16", "out"), ("merged", "fp32", "out.zip"), ("adapter", "", "out")]


@pytest.fixture
def run(root: Path, tiny_model: Path, monkeypatch: pytest.MonkeyPatch) -> RunDir:
    monkeypatch.setattr(exporting.supervisor, "start", lambda *_: None)
    made = made_run(root, tiny_model, "tuned")
    # Whatever is imported on the way is in memory from here on.
    written(ExportRequest(made.id, "merged", "bf16", root / "first"), made)
    return made


def _ready(job: ExportJob, most_bytes: int = -1) -> Any:
    """The worker as a process of its own, which may write files of so many bytes."""
    process = _FORKS.Process(target=_work, args=(str(job.path), most_bytes))
    process.start()
    return process


def _work(path: str, most_bytes: int) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes))
    sys.exit(worker.main(path))


def _exit_code(process: Any) -> int:
    process.join()
    return int(process.exitcode)


def _begin(run: RunDir, form: tuple[str, str, str], place: Path) -> ExportJob:
    target, numbers, name = form
    place.mkdir()
    return exporting.start(run.root, ExportRequest(run.id, target, numbers, place / name))


def _content(out: Path) -> dict[str, str]:
    """Digests of all but what is told of the moment."""
    if out.is_dir():
        found = {path.name: path.read_bytes() for path in out.rglob("*") if path.is_file()}
    else:
        with zipfile.ZipFile(out) as archive:
            found = {Path(name).name: archive.read(name) for name in archive.namelist()}
    return {name: sha256(content).hexdigest() for name, content in found.items()}


def test_killed_twenty_times_nothing_has_a_name_that_is_not_complete(run: RunDir, tmp_path: Path) -> None:
    due, seconds = {}, {}
    for form in _FORMS:
        whole = _begin(run, form, tmp_path / f"whole-{form[0]}-{form[1]}")
        began = time.monotonic()
        assert _exit_code(_ready(whole)) == 0, whole.stored_status()
        due[form], seconds[form] = _content(whole.request.out), time.monotonic() - began
    chance = random.Random(7)
    begun = 0
    for number in range(_KILLS):
        form = _FORMS[number % len(_FORMS)]
        job = _begin(run, form, tmp_path / f"killed-{number}")
        process = _ready(job)
        time.sleep(chance.uniform(0, 1.05 * seconds[form]))
        process.kill()
        process.join()
        begun += job.aside.exists()
        if job.request.out.exists():
            assert _content(job.request.out) == due[form]
    assert begun > _KILLS / 4, "most were killed before they had begun to write"
    for job in exporting.exports(run.root):
        job.sweep()
    assert not list(tmp_path.rglob(".export-*"))


@pytest.mark.parametrize("most_bytes", [1_000, 20_000, 200_000])
@pytest.mark.parametrize("form", _FORMS[:2])
def test_what_finds_no_room_leaves_nothing(
    form: tuple[str, str, str], most_bytes: int, run: RunDir, tmp_path: Path
) -> None:
    job = _begin(run, form, tmp_path / "full")
    assert _exit_code(_ready(job, most_bytes)) != 0
    assert list((tmp_path / "full").iterdir()) == []
    status = job.stored_status()
    assert status.phase == "failed" and "could not be written: File too large" in status.message, status
