"""The process that trains one run. Run as `python -m workbench.training.worker RUN_FOLDER`, by its supervisor."""

import contextlib
import logging
import os
import shutil
import signal
import sys
import traceback
from functools import partial
from pathlib import Path

from workbench.errors import WorkbenchError
from workbench.jobs.files import read_json
from workbench.jobs.room import NO_ROOM
from workbench.runs.run_dir import RunDir
from workbench.training.assemble import assemble
from workbench.training.checkpoints import Checkpoints, newest_step, publish
from workbench.training.continuing import check_settings, checkpoints_of, tell_differences
from workbench.training.failures import explain, is_full_disk
from workbench.training.inheritance import inherit
from workbench.training.loop import Loop, Task
from workbench.training.recorder import Recorder
from workbench.training.room import NextCheckpoint, checkpoint_bytes
from workbench.training.state import Progress
from workbench.training.stopping import tell_better, was_better

_NICENESS = 10
_AUTOGROUP = Path("/proc/self/autogroup")


def main(run_path: str) -> int:
    """Train, and put whatever happens into the run's status. Returns the exit code."""
    logging.basicConfig(level=logging.INFO, stream=sys.stdout, format="%(asctime)s %(message)s")
    run = RunDir(Path(run_path))
    signal.signal(signal.SIGTERM, lambda *_: run.request_stop())
    try:
        return _attempt(run)
    except OSError as error:
        logging.error("%s cannot be read or written: %s. The run ends here.", run.path, error.strerror)
        return os.EX_IOERR


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
        return _leave(run, room) if is_full_disk(error) else 1
    finally:
        room.give_up()
        recorder.free_room()
    return 0


def _leave(run: RunDir, room: NextCheckpoint) -> int:
    """End so that the keeper lets the run go on when there is room."""
    run.write_needed(room.needed_bytes())
    return NO_ROOM


def _log(error: Exception) -> None:
    if isinstance(error, WorkbenchError):
        logging.error("%s", error)
    else:
        traceback.print_exception(error)


def _train(run: RunDir, recorder: Recorder, room: NextCheckpoint) -> None:
    if run.config().hardware.priority == "low":
        _step_back()
    before = read_json(run.environment_path)
    task = assemble(run, recorder)
    checkpoints = checkpoints_of(run, room)
    checkpoints.sweep()
    room.expect(checkpoint_bytes(sum(p.numel() for p in task.trained.parameters().values())))
    loop = Loop(task, recorder, checkpoints, _progress(run, task, checkpoints))
    note = tell_differences(before, read_json(run.environment_path)) if loop.progress.step else ""
    recorder.begin(loop.progress.step, task.steps, note)
    ending = loop.run(run.requested)
    said = ending.message
    room.give_up()
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
