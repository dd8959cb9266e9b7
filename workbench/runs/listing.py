"""All runs at a glance."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from workbench.errors import WorkbenchError
from workbench.jobs.folder import LIVE
from workbench.runs.metrics import last_row
from workbench.runs.run_dir import RunDir, all_runs


@dataclass(frozen=True)
class Facts:
    """What a run was made of, as it never changes; `problem` says why this version cannot read it."""

    model: str = "?"
    data: str = "?"
    method: str = "?"
    parent: str = ""
    """The id of the run whose adapter it began with."""
    merged: str = ""
    """The id of the run whose adapter is merged beneath its own."""
    problem: str = ""


@dataclass(frozen=True)
class RunSummary:
    """One line of the list of runs."""

    id: str
    name: str
    phase: str
    step: int
    steps: int
    loss: float | None
    model: str
    data: str
    method: str
    created: float
    has_adapter: bool
    parent: str
    merged: str
    imported: bool
    blended: bool
    message: str

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def facts(run: RunDir) -> Facts:
    """Read without building the settings, which takes many times as long."""
    try:
        tree = run.tree()
    except WorkbenchError as error:
        return Facts(problem=str(error))
    model, data = tree["model"], Path(tree["data"]["path"]).name
    return Facts(model["path"], data, tree["method"]["name"], model.get("adapter", ""), model.get("merged", ""))


def summarise(run: RunDir) -> RunSummary:
    """What a list shows of a run, also of one whose settings this version cannot read."""
    status, about, made_of = run.status(), run.about(), facts(run)
    return RunSummary(
        id=run.id,
        name=about.get("name", run.id),
        phase=status.phase,
        step=status.step,
        steps=status.steps,
        loss=last_row(run.metrics_path).get("loss"),
        model=made_of.model,
        data=made_of.data,
        method=made_of.method,
        created=about.get("created", 0.0),
        has_adapter=run.has_adapter(),
        parent=made_of.parent,
        merged=made_of.merged,
        imported=run.origin() == "imported",
        blended=run.origin() == "blended",
        message=made_of.problem or status.message,
    )


def list_runs(root: Path) -> list[RunSummary]:
    """Every run, newest first."""
    return [summarise(run) for run in reversed(all_runs(root))]


def live_run(root: Path) -> RunDir | None:
    """The run that is training now, if any."""
    return next((run for run in reversed(all_runs(root)) if run.status().phase in LIVE), None)
