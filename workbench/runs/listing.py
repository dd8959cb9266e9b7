"""All runs at a glance."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from workbench.config.run_config import RunConfig
from workbench.errors import WorkbenchError
from workbench.jobs.folder import LIVE
from workbench.runs.metrics import last_row
from workbench.runs.run_dir import RunDir, all_runs


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
    message: str

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def summarise(run: RunDir) -> RunSummary:
    """What a list shows of a run, also of one whose settings this version cannot read."""
    status, about = run.status(), run.about()
    try:
        config, message = run.asked(), status.message
    except WorkbenchError as error:
        config, message = RunConfig().changed("model.path", "?").changed("data.path", "?"), str(error)
    return RunSummary(
        id=run.id,
        name=about.get("name", run.id),
        phase=status.phase,
        step=status.step,
        steps=status.steps,
        loss=last_row(run.metrics_path).get("loss"),
        model=config.model.path,
        data=Path(config.data.path).name,
        method=config.method.name,
        created=about.get("created", 0.0),
        has_adapter=run.has_adapter(),
        message=message,
    )


def list_runs(root: Path) -> list[RunSummary]:
    """Every run, newest first."""
    return [summarise(run) for run in reversed(all_runs(root))]


def live_run(root: Path) -> RunDir | None:
    """The run that is training now, if any."""
    return next((run for run in reversed(all_runs(root)) if run.status().phase in LIVE), None)
