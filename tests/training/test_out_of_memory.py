"""Runs that find no more memory: killed by the kernel, or refused by it."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from benchmarks.limits import NoGroupError, limited_group
from workbench.config.run_config import RunConfig
from workbench.hardware.control_groups import groups
from workbench.training import failures, launch, plan

_SENTENCE = r"It ran out of memory at [\d.]+ GB; [\d.]+ GB were foretold, [\d.]+ GB were free\."


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        RuntimeError(
            "[enforce fail at alloc_cpu.cpp:1] DefaultCPUAllocator: can't allocate memory: you tried 9 bytes."
        ),
        OSError(12, "Cannot allocate memory"),
    ],
)
def test_a_refusal_is_told_beside_what_was_foretold(config: RunConfig, root: Path, error: Exception) -> None:
    run = launch.create(plan.make(config, root), "run")
    ending = failures.explain(error, run.path, 0)
    assert ending.phase == "failed" and re.fullmatch(_SENTENCE, ending.message), ending
    assert "Start again with less" in ending.hint


def test_a_lack_on_the_gpu_is_called_one(config: RunConfig, root: Path) -> None:
    run = launch.create(plan.make(config, root), "run")
    ending = failures.explain(RuntimeError("CUDA out of memory. Tried to allocate 2.00 GiB."), run.path, 0)
    assert ending.message.startswith("The GPU ran out of memory at ")


@contextmanager
def among(group, home: Path) -> Iterator[None]:
    """What is started meanwhile belongs to the group."""
    group.add(os.getpid())
    try:
        yield
    finally:
        (home / "cgroup.procs").write_text(str(os.getpid()))


@pytest.mark.slow
def test_a_run_that_the_kernel_kills_says_what_it_took(config: RunConfig, root: Path) -> None:
    planned = plan.make(config, root)
    limit_bytes = int(0.7e9 * planned.ram_gb)
    try:
        with limited_group(limit_bytes) as group:
            with among(group, groups()[0].folder):
                run = launch.start(planned, "run")
            status = run.wait()
    except NoGroupError as error:
        pytest.skip(str(error))
    ended = run.exit()
    assert ended is not None and ended.out_of_memory and ended.signal == 9, (status, run.log_tail())
    assert status.phase == "interrupted" and re.fullmatch(_SENTENCE, status.message), status
    assert "start again with less" in status.hint
    assert 0.5 * limit_bytes < 1e9 * ended.peak_gb < limit_bytes
    assert "Traceback" not in run.log_tail()
