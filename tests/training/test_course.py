"""How long a planned run takes, part by part."""

from pathlib import Path

import pytest

from tests.rates import RATES, keep
from workbench.config.run_config import RunConfig
from workbench.jobs.files import write_json
from workbench.memory.rates import folder
from workbench.training import plan
from workbench.training.course import share


def test_before_the_machine_is_measured_a_wide_range_is_told(config: RunConfig, root: Path) -> None:
    planned = plan.make(config, root)
    assert planned.time.basis == "arithmetic"
    keep(root)
    measured = planned.changed({}).time
    assert measured.basis == "calibrated"
    assert measured.high_seconds / measured.low_seconds < 1.5
    (folder(root) / "fast.json").write_text("{")
    assert planned.changed({}).time.basis == "arithmetic"


def test_a_longer_run_differs_by_its_updates_checks_and_saves(config: RunConfig, root: Path) -> None:
    keep(root)
    planned = plan.make(config, root)
    never = {"training.eval_every": 1000, "training.save_every": 1000}
    few, many = (planned.changed(never | {"training.max_steps": steps}).time for steps in (2, 10))
    # Of the updates of a pass, not all are looked at, and they differ by the lengths of their rows.
    assert many.seconds - few.seconds == pytest.approx(8 * many.update_seconds, rel=0.15)
    checked = planned.changed({"training.max_steps": 10, "training.eval_every": 1}).time
    assert checked.seconds > many.seconds


def test_quantised_and_recomputed_runs_take_longer(config: RunConfig, root: Path) -> None:
    keep(root)
    planned = plan.make(config, root)
    again = planned.changed({"hardware.engine": "standard", "training.gradient_checkpointing": True})
    assert again.time.update_seconds > planned.changed({"hardware.engine": "standard"}).time.update_seconds
    assert planned.changed({"model.quantization": "nf4"}).time.update_seconds > planned.time.update_seconds


def test_what_is_compiled_for_a_new_size_of_batches_counts_once_for_each(config: RunConfig, root: Path) -> None:
    keep(root)
    quick = plan.make(config, root).time.seconds
    compiles = RATES | {"size_seconds": {"fp32": 1.0, "bf16": 1.0}}
    write_json(folder(root) / "fast.json", compiles)
    more = plan.make(config, root).time.seconds - quick
    assert 0.9 < more < 32


def test_batches_are_those_that_engines_make(config: RunConfig, root: Path) -> None:
    resolved = plan.make(config, root).config.changed("training.micro_batch_size", 2)
    lengths, learned = [10, 40, 20, 30], [1, 2, 3, 4]
    two_lanes = resolved.changed("hardware.threads", 2)
    # 40 and 10 beside 30 and 20, in two rounds: each as long as its larger pack, filled up.
    assert [batch.tokens for batch in share(two_lanes, lengths, learned)] == [48, 32]
    packed = resolved.changed("hardware.engine", "standard").changed("training.batching", "packed")
    assert [(batch.tokens, batch.learned) for batch in share(packed, lengths, learned)] == [(50, 3), (50, 7)]
    padded = packed.changed("training.batching", "padded")
    assert [batch.tokens for batch in share(padded, lengths, learned)] == [80, 40]
