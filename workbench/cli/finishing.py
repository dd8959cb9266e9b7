"""Bringing the end of a run nearer, and starting one again that ran out of memory, from the terminal."""

import argparse

from workbench.config.build import build
from workbench.data.preparing.steps import Waiting
from workbench.errors import RunError, WorkbenchError
from workbench.runs.run_dir import RunDir
from workbench.training import launch
from workbench.training.again import find_lighter
from workbench.training.command import command_for

_PATIENCE_SECONDS = 20.0


def add_finish_flags(parser: argparse.ArgumentParser) -> None:
    when = parser.add_mutually_exclusive_group(required=True)
    when.add_argument("--minutes", type=float, help="in about so many minutes from now")
    when.add_argument("--at-step", type=int, help="at this update")


def finish(arguments: argparse.Namespace) -> int:
    """Let a run that trains come to its end earlier, with its result saved."""
    run = RunDir.open(arguments.root, arguments.run)
    at_step = arguments.at_step or _step_in(run, 60 * arguments.minutes)
    launch.finish(run, at_step)
    print(f"{run.name}: finishes at update {at_step}")
    return 0


def _step_in(run: RunDir, seconds: float) -> int:
    from workbench.monitoring.course import Course
    from workbench.monitoring.pace import step_in

    at_step = step_in(Course(run).poll(), seconds)
    if at_step is None:
        raise RunError(f"{run.name} has no pace of its own yet.", "Wait for its first updates, or give --at-step.")
    return at_step


def tell_lighter(run: RunDir) -> list[dict[str, str]]:
    """What a run that ran out of memory could be started again with, and the command that does it."""
    try:
        found = find_lighter(run, _PATIENCE_SECONDS)
    except WorkbenchError:
        return []  # its data or its model is gone, so that nothing can be started again
    if isinstance(found, Waiting):
        return []
    asked = run.asked()
    return [{"sentence": saving.sentence, "command": command_for(build(saving.settings, asked))} for saving in found]
