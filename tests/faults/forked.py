"""Workers in processes of their own that start in a fraction of a second: forked from one with its imports done.

`multiprocessing`'s fork server is that process: it has one thread and no open sockets of ours, so that a fork is safe.
A fault is something to do in the child before the worker begins: a function with what it needs as a `partial`, since
it travels to another process by its name.
"""

import multiprocessing
import os
import shutil
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import forkserver
from multiprocessing.context import ForkServerContext
from pathlib import Path

import pytest

from workbench.jobs.environment import worker_environment
from workbench.runs.run_dir import RunDir

Fault = Callable[[RunDir], object]

PRELOADED = (
    "tests.faults.forked",
    "workbench.training.worker",
    "peft.tuners.lora.model",
    "transformers.models.llama.modeling_llama",
    "transformers.models.auto.tokenization_auto",
    "workbench.training.fast",
    "workbench.training.standard",
    "workbench.training.watched",
    "pandas",
)
"""What a worker imports, so that none of it is left to do after the fork."""

LONGEST_SECONDS = 120.0


@dataclass(frozen=True)
class Ended:
    """How a worker's process ended: an exit code, or the number of the signal that ended it."""

    code: int | None
    signal: int | None


DONE, KILLED = Ended(0, None), Ended(None, signal.SIGKILL)


class Worker:
    """A running worker. `fault` is done first, in its process."""

    def __init__(self, run: RunDir, fault: Fault | None = None) -> None:
        self.process = server().Process(target=_work, args=(str(run.path), fault), daemon=True)
        self.process.start()

    def wait(self, seconds: float = LONGEST_SECONDS) -> Ended | None:
        """How it ended, None if it has not within so many seconds."""
        self.process.join(seconds)
        code = self.process.exitcode
        if code is None:
            return None
        return Ended(code, None) if code >= 0 else Ended(None, -code)

    def kill(self) -> Ended:
        """SIGKILL from outside; a worker that has ended before stays as it ended."""
        self.process.kill()
        ended = self.wait()
        assert ended is not None
        return ended


def work(run: RunDir, fault: Fault | None = None) -> Ended:
    """One attempt at a run, to its end."""
    worker = Worker(run, fault)
    ended = worker.wait()
    if ended is None:
        worker.kill()
        raise TimeoutError(f"{run.id} was still {run.stored_status().phase} after {LONGEST_SECONDS} s")
    return ended


def resume(run: RunDir, fault: Fault | None = None) -> Ended:
    """Another attempt, begun as every attempt is."""
    run.prepare_attempt()
    return work(run, fault)


def finish(run: RunDir) -> RunDir:
    """An attempt that comes to its end without a fault."""
    assert resume(run) == DONE, run.log_tail()
    return run


def copy(run: RunDir, name: str) -> RunDir:
    """The same run once more, beside the first: quicker than planning it again."""
    return RunDir(Path(shutil.copytree(run.path, run.path.with_name(name))))


def server() -> ForkServerContext:
    """The process to fork from, in the environment of every worker. The first call starts it, which takes seconds."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(PRELOADED))
    with pytest.MonkeyPatch.context() as patch:
        for name, value in worker_environment().items():
            patch.setenv(name, value)
        forkserver.ensure_running()
    return context


def _work(run_path: str, fault: Fault | None) -> None:
    from workbench.training import worker

    run = RunDir(Path(run_path))
    log = os.open(run.log_path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    os.dup2(log, 1)
    os.dup2(log, 2)
    if fault:
        fault(run)
    sys.exit(worker.main(run_path))
