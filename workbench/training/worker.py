"""The process that trains one run. Run as `python -m workbench.training.worker RUN_FOLDER`, by its supervisor."""

import contextlib
import logging
import os
import signal
import sys
import traceback
from functools import partial
from pathlib import Path
from typing import Any

from workbench.errors import WorkbenchError, lacks_memory
from workbench.jobs import files
from workbench.jobs.files import read_json
from workbench.jobs.folder import NO_MEMORY
from workbench.runs.run_dir import RunDir
from workbench.training.assemble import assemble
from workbench.training.checkpoints import Checkpoints, copy_files, newest_step, publish, sweep
from workbench.training.continuing import checkpoints_of, newest_checkpoint, tell_differences
from workbench.training.failures import explain, is_full_disk
from workbench.training.inheritance import inherit
from workbench.training.loop import Loop, Task
from workbench.training.recorder import Recorder
from workbench.training.room import NextCheckpoint, first_checkpoint_bytes
from workbench.training.state import Progress
from workbench.training.stopping import tell_better, was_better

_NICENESS = 10
_BEST_LOST = "The best state is damaged, so the result is that of the last step."
_AUTOGROUP = Path("/proc/self/autogroup")


def main(run_path: str) -> int:
    """Train, and put whatever happens into the run's status. Returns the exit code."""
    logging.basicConfig(level=logging.INFO, stream=sys.stdout, format="%(asctime)s %(message)s")
    # It warns of kernels that it could download.
    logging.getLogger("bitsandbytes").setLevel(logging.ERROR)
    run = RunDir(Path(run_path))
    signal.signal(signal.SIGTERM, lambda *_: run.request_stop())
    try:
        return _attempt(run)
    except OSError as error:
        logging.error("%s cannot be read or written: %s. The run ends here.", run.path, error.strerror)
        return os.EX_IOERR
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)  # all has been said: nothing can be asked of it any more


def _attempt(run: RunDir) -> int:
    """Raises OSError where not even a last word can be kept."""
    recorder, room = Recorder(run), NextCheckpoint(run.path)
    try:
        recorder.reserve_room()
        _train(run, recorder, room)
    except Exception as error:  # noqa: BLE001 - the edge of the process: a defect is told as one
        room.give_up()
        recorder.free_room()
        _log(error)
        recorder.end(explain(error, run.path, room.needed_bytes()), newest_step(run.checkpoints_dir))
        if not is_full_disk(error):
            return NO_MEMORY if lacks_memory(error) else 1
        run.write_needed(room.needed_bytes())
        return os.EX_TEMPFAIL
    finally:
        room.give_up()
        recorder.free_room()
    return 0


def _log(error: Exception) -> None:
    if isinstance(error, WorkbenchError):
        logging.error("%s", error)
    elif lacks_memory(error):
        # Where it happened to be when there was no more says nothing.
        logging.error("Out of memory: %s", str(error) or type(error).__name__)
    else:
        traceback.print_exception(error)


def _train(run: RunDir, recorder: Recorder, room: NextCheckpoint) -> None:
    if run.config().hardware.priority == "low":
        _step_back()
    _tidy(run)
    before = read_json(run.environment_path)
    task = assemble(run, recorder)
    checkpoints = checkpoints_of(run, room)
    room.expect(first_checkpoint_bytes(run.config(), task.trained.learner))
    loop = Loop(task, recorder, checkpoints, _progress(run, task, checkpoints))
    recorder.begin(loop.progress.step, loop.steps, _note(run, checkpoints, loop.progress, before))
    ending = loop.run(run.requested)
    said = ending.message
    room.give_up()
    if ending.publishes and loop.progress.step > 0:
        recorder.phase("saving", loop.progress.step, "Saving the result.")
        said = " ".join(filter(None, [ending.message, _publish(run, task, checkpoints, loop.progress)]))
    recorder.phase(ending.phase, loop.progress.step, said, ending.hint)


def _tidy(run: RunDir) -> None:
    """Remove what an attempt that was killed left half made."""
    files.sweep(run.path)
    for folder in (run.path, run.checkpoints_dir):
        sweep(folder)


def _note(run: RunDir, checkpoints: Checkpoints, progress: Progress, before: dict[str, Any]) -> str:
    """What is to be known of a run that begins, or goes on; `before` is where the attempt before was made."""
    now = read_json(run.environment_path)
    remark = str(now.get("remark", ""))
    if progress.step == 0:
        return remark
    differences = tell_differences(before, now)
    return " ".join(filter(None, [checkpoints.tell_damaged(progress.step), differences, remark]))


def _publish(run: RunDir, task: Task, checkpoints: Checkpoints, progress: Progress) -> str:
    """Make the adapter, of the best state if that is wanted; returns what is to be said of it."""
    result = run.path / task.trained.learner.saved_as.folder
    best = checkpoints.best(progress.best_step) if was_better(progress) else None
    if best and task.settings.use_best:
        publish(result, partial(copy_files, best))
        return f"The result is that of step {progress.best_step}, where the loss on held-out examples was lowest."
    publish(result, task.trained.write_adapter)
    if best:
        return tell_better(progress)
    return _BEST_LOST if task.settings.use_best and was_better(progress) and progress.best_step else ""


def _step_back() -> None:
    """Let other programs go first."""
    os.nice(_NICENESS)
    # Linux weighs whole sessions against each other where it groups them, and then only this number counts.
    # Refused in some containers; then the courtesy is smaller, and the run goes on.
    with contextlib.suppress(OSError):
        _AUTOGROUP.write_text(str(_NICENESS))


def _progress(run: RunDir, task: Task, checkpoints: Checkpoints) -> Progress:
    """The newest checkpoint's place, or the beginning."""
    newest = newest_checkpoint(run, checkpoints)
    if newest is None:
        inherit(run, task.trained.learner)
        return Progress()
    logging.info("Going on from %s.", newest.name)
    checkpoints.drop_oldest()
    return task.trained.restore(newest)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
