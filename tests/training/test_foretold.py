"""What a plan foretells stands in its run, and what the run took moves the next plan."""

from pathlib import Path

import pytest

from workbench.config.run_config import RunConfig
from workbench.jobs.files import append_json
from workbench.jobs.folder import Exit, Status
from workbench.runs.foretold import recall
from workbench.training import launch, plan


def test_what_was_foretold_stands_in_the_run(config: RunConfig, root: Path) -> None:
    planned = plan.make(config, root)
    run = launch.create(planned, "run")
    foretold = recall(run.path)
    assert foretold is not None
    assert (foretold.ram_gb, foretold.steps) == (planned.ram_gb, planned.steps)
    assert sum(foretold.ram_terms.values()) / 1e9 == pytest.approx(planned.ram_gb)
    assert foretold.kind["engine"] == planned.config.hardware.engine
    assert foretold.seconds_per_step > 0


def test_what_it_took_moves_the_next_plan(config: RunConfig, root: Path) -> None:
    planned = plan.make(config, root)
    assert (planned.correction, planned.past.sentence()) == (1.0, "")
    run = launch.create(planned, "run")
    own_gb = planned.ram_gb - planned.ram.terms["libraries"] / 1e9
    run.write_status(Status("finished", planned.steps, planned.steps))
    append_json(run.metrics_path, {"attempt": 1, "step": planned.steps, "loss": 1.0})
    run.write_exit(Exit(0, None, False, 9.0, planned.ram_gb + 0.1 * own_gb))
    again = plan.make(config, root)
    assert again.correction == pytest.approx(1.1)
    assert again.ram_gb == pytest.approx(planned.ram_gb + 0.1 * own_gb)
    assert again.past.sentence() == "corrected by 1 earlier run: +10 %"
