"""A run that fits by its plan runs through where the kernel lets it have no more than the plan says, and a tenth."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from benchmarks.limits import NoGroupError, limited_group
from tests.training.in_process import create
from workbench.config.build import build
from workbench.config.run_config import RunConfig
from workbench.training import plan

_CASES: dict[str, dict[str, Any]] = {
    "fast": {"hardware.engine": "fast"},
    "standard": {"hardware.engine": "standard"},
    "full": {"method.name": "full"},
}
_LET_GO = ("sh", "-c", 'read go; exec "$@"', "sh")
"""A process that becomes another one when it is told to, so that it is in its group before it has any memory."""


@pytest.mark.slow
@pytest.mark.parametrize("settings", _CASES.values(), ids=_CASES)
def test_what_fits_runs_through(settings: dict[str, Any], config: RunConfig, root: Path) -> None:
    asked = build({"model.path": "starter", "model.precision": "fp32"} | settings, config)
    planned = plan.make(asked, root)
    run = create(asked, root)
    program = [*_LET_GO, sys.executable, "-m", "workbench.training.worker", str(run.path)]
    try:
        with limited_group(int(1.1e9 * planned.ram_gb)) as group:
            with subprocess.Popen(program, stdin=subprocess.PIPE, text=True) as worker:
                group.add(worker.pid)
                worker.communicate("\n")
            assert (worker.returncode, run.stored_status().phase) == (0, "finished"), run.log_tail()
    except NoGroupError as error:
        pytest.skip(str(error))
