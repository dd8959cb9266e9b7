"""The process that trains one run. Run as `python -m workbench.training.worker RUN_FOLDER`, by its supervisor."""

import contextlib
import errno
import logging
import os
import shutil
import signal
import sys
import traceback
from functools import partial
from pathlib import Path

import torch

from workbench.errors import WorkbenchError
from workbench.jobs.files import read_json
from workbench.runs.run_dir import RunDir
from workbench.training.assemble import assemble
from workbench.training.checkpoints import Checkpoints, publish
from workbench.training.continuing import check_settings, checkpoints_of, tell_differences
from workbench.training.inheritance import inherit
from workbench.training.loop import Loop, Task
from workbench.training.recorder import Recorder
from workbench.training.state import Progress
from workbench.training.stopping import tell_better, was_better

_NICENESS = 10
_FULL = (errno.ENOSPC, errno.EDQUOT)
_MAKE_ROOM = "Make room, then let it continue: it goes on from the last checkpoint."
_AUTOGROUP = Path("/proc/self/autogroup")


def main(run_path: str) -> int:
    """Train, and put whatever happens into the run's status. Returns the exit code."""
    logging.basicConfig(level=logging.INFO, stream=sys.stdout, format="%(asctime)s %(message)s")
    run = RunDir(Path(run_path))
    signal.signal(signal.SIGTERM, lambda *_: run.request_stop())
    recorder = Recorder(run)
    try:
        recorder.reserve_room()
        _train(run, recorder)
    except WorkbenchError as error:
        logging.error("%s", error)
        recorder.failed(error.message, error.hint)
        return 1
    except Exception as error:  # noqa: BLE001 - the edge of the process: a defect is told as one
        recorder.free_room()
        traceback.print_exc()
        if _is_full_disk(error):
            recorder.phase("paused", None, "The disk is full, so the run was paused.", _MAKE_ROOM)
        else:
            recorder.failed(*_explain(error))
        return 1
    finally:
        recorder.free_room()
    return 0


def _train(run: RunDir, recorder: Recorder) -> None:
    if run.config().hardware.priority == "low":
        _step_back()
    before = read_json(run.environment_path)
    task = assemble(run, recorder)
    checkpoints = checkpoints_of(run)
    checkpoints.sweep()
    loop = Loop(task, recorder, checkpoints, _progress(run, task, checkpoints))
    note = tell_differences(before, read_json(run.environment_path)) if loop.progress.step else ""
    recorder.begin(loop.progress.step, task.steps, note)
    ending = loop.run(run.requested)
    said = ending.message
    if ending.publishes and loop.progress.step > 0:
        recorder.phase("saving", loop.progress.step, "Saving the adapter.")
        said = " ".join(filter(None, [ending.message, _publish(run, task, checkpoints, loop.progress)]))
    recorder.phase(ending.phase, loop.progress.step, said, ending.hint)


def _publish(run: RunDir, task: Task, checkpoints: Checkpoints, progress: Progress) -> str:
    """Make the adapter, of the best state if that is wanted; returns what is to be said of it."""
    best = checkpoints.best(progress.best_step) if was_better(progress) else None
    if best and task.settings.use_best:
        publish(run.adapter_dir, partial(shutil.copytree, best, dirs_exist_ok=True))
        return f"The adapter is that of step {progress.best_step}, where the loss on held-out examples was lowest."
    publish(run.adapter_dir, task.trained.write_adapter)
    return tell_better(progress) if best else ""


def _step_back() -> None:
    """Let other programs go first."""
    os.nice(_NICENESS)
    # Linux weighs whole sessions against each other where it groups them, and then only this number counts.
    # Refused in some containers; then the courtesy is smaller, and the run goes on.
    with contextlib.suppress(OSError):
        _AUTOGROUP.write_text(str(_NICENESS))


def _is_full_disk(error: Exception) -> bool:
    # safetensors tells of it in words alone.
    return (isinstance(error, OSError) and error.errno in _FULL) or "No space left" in str(error)


def _explain(error: Exception) -> tuple[str, str]:
    """What went wrong and what to do."""
    # torch tells of memory in words alone where the processor's allocator fails.
    if isinstance(error, MemoryError | torch.OutOfMemoryError) or "allocate memory" in str(error):
        return "The computer ran out of memory.", "Choose the preset low-memory, or a smaller model."
    return f"The run failed: {type(error).__name__}: {error}", "The log has the details."


def _progress(run: RunDir, task: Task, checkpoints: Checkpoints) -> Progress:
    """The newest checkpoint's place, or the beginning."""
    newest = checkpoints.newest_valid()
    if newest is None:
        inherit(run, task.trained.model)
        return Progress()
    check_settings(run, newest)
    logging.info("Going on from %s.", newest.name)
    return task.trained.restore(newest)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
