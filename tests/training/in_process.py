"""A run carried out inside the test, by the worker's own parts."""

from pathlib import Path

import pytest

from workbench.config.run_config import RunConfig
from workbench.runs.metrics import Metrics
from workbench.runs.run_dir import RunDir
from workbench.training import dataset, loop, plan, worker


def create(config: RunConfig, root: Path, name: str = "run") -> RunDir:
    planned = plan.make(config, root)
    run = RunDir.create(root, name, planned.asked, planned.auto)
    dataset.store(run, planned)
    return run


def train(run: RunDir) -> RunDir:
    code = worker.main(str(run.path))
    assert code == 0, run.stored_status()
    return run


def train_and_stop(run: RunDir, step: int) -> RunDir:
    """A run that is asked to stop right after an update."""
    original = loop.Loop._after_update

    def stop_after(self: loop.Loop) -> None:
        original(self)
        if self.progress.step == step:
            run.request_stop()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loop.Loop, "_after_update", stop_after)
        return train(run)


def losses(run: RunDir) -> list[float]:
    return [row["loss"] for row in Metrics(run.metrics_path).poll().steps]
