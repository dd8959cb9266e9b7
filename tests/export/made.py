"""Runs with a result of any method, and how their exports are written within a test."""

import json
from pathlib import Path
from typing import Any

from tests.methods.made import make_adapter
from tests.methods.rows import ROWS
from workbench.config.build import build
from workbench.export.job import ExportJob
from workbench.export.makings import MAKINGS
from workbench.export.record.writing import write_record
from workbench.export.request import ExportRequest
from workbench.jobs.files import write_json
from workbench.jobs.transfer import Teller
from workbench.models import layouts
from workbench.models.facts import facts
from workbench.models.fingerprint import fingerprint
from workbench.runs.run_dir import Resolved, RunDir


def run_of(case: str, root: Path, model: Path, **changes: Any) -> RunDir:
    """One that a row of the matrix has trained, its numbers shaken instead."""
    row = ROWS[case]
    settings = {f"method.{key}": value for key, value in row.settings.items()}
    given = {"model.path": str(model), "method.name": row.name, "data.system_prompt": "Be a pirate."}
    asked = build(given | settings | changes)
    run = RunDir.create(root, "tuned", asked, {"model.precision": Resolved("fp32", "it is small")})
    known = layouts.learn(facts(model), root)
    folder = run.path / ("weights" if row.trains_base else "adapter")
    folder.mkdir()
    make_adapter(case, known, folder)
    write_json(run.environment_path, {"model": {"name": model.name, "fingerprint": fingerprint(model)}})
    return run


def written(request: ExportRequest, run: RunDir) -> Path:
    """As the worker writes it, checked."""
    request.out.mkdir()
    making = MAKINGS[request.target](run, request.numbers)
    job = ExportJob(request.out.parent / "job")
    job.path.mkdir(exist_ok=True)
    making.write(request.out, Teller(job, making.total_bytes, "Writing."))
    write_record(request.out, run, request)
    making.verify(request.out)
    return request.out


def code_of(readme: Path) -> str:
    """The first Python that a card shows."""
    return readme.read_text(encoding="utf-8").split("```python\n")[1].split("```")[0]


def retold(file: Path, **changed: object) -> None:
    """Other values in a file of JSON."""
    file.write_text(json.dumps(json.loads(file.read_text(encoding="utf-8")) | changed), encoding="utf-8")
