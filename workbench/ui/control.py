"""What the buttons of the live view do to a run."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from workbench.errors import ChangedError, WorkbenchError
from workbench.runs.run_dir import RunDir
from workbench.training import launch

_ACTIONS: dict[str, Callable[[RunDir], None]] = {
    "pause": launch.pause,
    "continue": launch.resume,
    "stop": launch.stop,
    "cancel": launch.cancel,
}


def control(root: Path, arg: Any) -> dict[str, Any]:
    """Do what a button says; `problem` says why not, `further` whether its adapter can be gone on from instead.

    Anyone can call it, so `arg` may be anything.
    """
    try:
        run_id, action = _read(arg)
        action(RunDir.open(root, run_id))
    except WorkbenchError as error:
        return {"problem": str(error), "further": isinstance(error, ChangedError) and error.leaves_adapter}
    return {}


def _read(arg: Any) -> tuple[str, Callable[[RunDir], None]]:
    """Raises WorkbenchError unless `arg` holds the id of a run and one of the actions, as texts."""
    if not isinstance(arg, dict) or not all(isinstance(arg.get(key), str) for key in ("run", "action")):
        raise WorkbenchError("The page asked for something that does not exist.", "Reload the page.")
    if arg["action"] == "finish":
        return arg["run"], _finish(arg.get("at_step"))
    if arg["action"] not in _ACTIONS:
        raise WorkbenchError("The page asked for something that does not exist.", "Reload the page.")
    return arg["run"], _ACTIONS[arg["action"]]


def _finish(at_step: Any) -> Callable[[RunDir], None]:
    """Raises WorkbenchError unless this is the number of an update."""
    if not isinstance(at_step, int):
        raise WorkbenchError("The page asked for something that does not exist.", "Reload the page.")
    return partial(launch.finish, at_step=at_step)
