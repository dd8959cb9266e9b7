"""Starting, resuming, pausing, stopping and cancelling a run. No torch: the run has a process of its own."""

import shutil

from workbench.config.methods import AdaLoraSettings
from workbench.errors import RunError
from workbench.jobs import ending, supervisor
from workbench.jobs.folder import ENDED, Request
from workbench.jobs.room import has_room, tell_lack
from workbench.monitoring.trackers import launch as trackers
from workbench.runs.disk import was_emptied
from workbench.runs.emptied import cannot_resume
from workbench.runs.queue import slot_path
from workbench.runs.root import prepare
from workbench.runs.run_dir import RunDir
from workbench.training import dataset, lineage
from workbench.training.checks import check_startable, find_problems
from workbench.training.continuing import check_unchanged
from workbench.training.finish import ask_to_finish
from workbench.training.foretelling import foretold_by
from workbench.training.merged import keep_merged
from workbench.training.plan import Plan

_WORKER = "workbench.training.worker"
_ENDING_SECONDS = 30.0


def start(plan: Plan, name: str) -> RunDir:
    """Create the run and start it in the background.

    Raises SettingError for the first error among the plan's problems, and RunError where the examples, or the adapter
    to begin with, cannot be kept; nothing is left half-made then.
    """
    _check(plan)
    run = create(plan, name)
    supervisor.start(run, slot_path(run.root), _WORKER, computes=True)
    trackers.start_chosen(run)
    return run


def _check(plan: Plan) -> None:
    try:
        found = find_problems(plan)
    except FileNotFoundError as error:
        raise _not_kept(error) from error
    check_startable(found)


def create(plan: Plan, name: str) -> RunDir:
    """The folder of a new run, with all that it learns from. Raises RunError, and leaves nothing, if that fails."""
    run = RunDir.create(prepare(plan.root), name, plan.asked, plan.auto)
    try:
        foretold_by(plan).keep(run.path)
        dataset.store(run, plan)
        if plan.parent:
            lineage.keep(plan.parent, run)
        if plan.merged:
            keep_merged(plan.merged, plan.config, run)
    except (OSError, RunError) as error:
        shutil.rmtree(run.path)
        raise error if isinstance(error, RunError) else _not_kept(error) from error
    return run


def _not_kept(error: OSError) -> RunError:
    if isinstance(error, FileNotFoundError):
        return RunError("The examples are gone: the cache was emptied meanwhile.", "Start again; they are read anew.")
    return RunError(f"The examples could not be kept in the run: {error.strerror}.", "Make room first.")


def resume(run: RunDir) -> None:
    """Go on from the last checkpoint.

    Raises RunError for a run that has finished, and ChangedError for one whose settings, data or model have changed.
    """
    if run.waits_for_room():
        _check_room(run)
        return
    phase = run.status().phase
    if phase not in (*ENDED, "paused", "created"):
        raise RunError(f"{run.name} is still {phase}.", "Wait for it, or stop it first.")
    if phase == "finished":
        raise RunError(f"{run.name} has finished.", "Train it further in a new run instead.")
    if was_emptied(run):
        raise cannot_resume(run)
    prepare(run.root)
    run.wait_for_processes(_ENDING_SECONDS)
    check_unchanged(run)
    supervisor.start(run, slot_path(run.root), _WORKER, computes=True)
    trackers.start_chosen(run)


def _check_room(run: RunDir) -> None:
    """Its keeper lets it go on as soon as there is room. Raises RunError where there is none."""
    if not has_room(run.path, run.needed_bytes()):
        raise RunError(tell_lack(run.path, run.needed_bytes()), "Make room; then it goes on by itself.")


def stop(run: RunDir) -> None:
    """Ask a run to save and end. Raises RunError if it is not running."""
    _ask(run, "stop")


def pause(run: RunDir) -> None:
    """Ask a run to save and give memory and processor back, until `resume`. Raises RunError if it is not running."""
    _ask(run, "pause")


def finish(run: RunDir, at_step: int) -> None:
    """Ask a run to come to its end at an earlier update. Raises RunError where that cannot be."""
    status = run.status()
    if status.phase != "training" or run.requested():
        raise RunError(
            f"{run.name} is not training, it is {status.phase}.", "Only a run that trains can finish earlier."
        )
    if not status.step < at_step < status.steps:
        told = f"{run.name} is at update {status.step} of {status.steps}, so it cannot finish at {at_step}."
        raise RunError(told, "Choose an update in between.")
    if isinstance(run.config().method, AdaLoraSettings):
        told = f"AdaLoRA gives ranks up by a course that was fixed when {run.name} began, so it cannot finish earlier."
        raise RunError(told, "Stop it instead; what it learned is kept.")
    ask_to_finish(run, at_step)


def cancel(run: RunDir) -> None:
    """End a run without saving more, also one that hangs. Raises RunError if it is not running."""
    _check_running(run, "cancel")
    ending.cancel(run)


def _ask(run: RunDir, request: Request) -> None:
    _check_running(run, request)
    run.ask_to(request)


def _check_running(run: RunDir, request: Request) -> None:
    phase = run.status().phase
    if phase in (*ENDED, "paused", "created") and not run.waits_for_room():
        raise RunError(f"{run.name} is not running, it is {phase}.", f"There is nothing to {request}.")
