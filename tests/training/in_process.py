"""A run carried out inside the test, by the worker's own parts."""

from pathlib import Path

from workbench.config.run_config import RunConfig
from workbench.runs.metrics import Metrics
from workbench.runs.run_dir import RunDir
from workbench.training import dataset, plan, worker


def create(config: RunConfig, root: Path, name: str = "run") -> RunDir:
    planned = plan.make(config, root)
    run = RunDir.create(root, name, planned.asked, planned.auto)
    dataset.store(run, planned)
    return run


def train(run: RunDir) -> RunDir:
    code = worker.main(str(run.path))
    assert code == 0, run.stored_status()
    return run


def losses(run: RunDir) -> list[float]:
    return [row["loss"] for row in Metrics(run.metrics_path).poll().steps]
