"""How long training will take, by what earlier runs reached."""

import json
from pathlib import Path

from workbench.config.run_config import RunConfig
from workbench.hardware.devices import machine
from workbench.jobs.files import write_json
from workbench.memory.time import PACES, measured_tokens_per_second, step_seconds
from workbench.runs.run_dir import RunDir


def _run(root: Path, engine: str, seconds: float) -> None:
    run = RunDir.create(root, engine, RunConfig(), {})
    run.metrics_path.write_text(
        json.dumps({"step": 20, "attempt": 1, "loss": 1.0, "tokens": 1000, "seconds": seconds}) + "\n"
    )
    write_json(run.environment_path, {"engine": engine})


def test_a_run_is_measured_by_those_that_took_the_same_path(tmp_path: Path) -> None:
    _run(tmp_path, "standard", 10.0)
    _run(tmp_path, "fast", 2.0)
    rates = [measured_tokens_per_second(tmp_path, "starter", "lora", engine) for engine in ("standard", "fast")]
    assert rates == [100.0, 500.0]
    assert measured_tokens_per_second(tmp_path, "starter", "loha", "fast") is None


def test_the_fast_path_is_expected_to_be_fast() -> None:
    fast, standard = (step_seconds(135_000_000, 800, machine(), PACES[engine]) for engine in ("fast", "standard"))
    assert fast[0] < standard[0] and fast[1] < standard[1]
