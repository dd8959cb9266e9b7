"""Puts the adapter that a run begins with into its model."""

import torch
from safetensors import SafetensorError

from workbench.errors import RunError
from workbench.methods.base import Tensors
from workbench.runs.run_dir import RunDir
from workbench.training.lineage import check_start
from workbench.training.state import Learner

_HINT = "Start a new run that begins a new adapter."


def inherit(run: RunDir, learner: Learner) -> None:
    """Take over the adapter that the run begins with, if it begins with one.

    Raises RunError unless its tensors are exactly those that the run trains, all of them numbers.
    """
    name, saved_as, model = run.config().model.adapter, learner.saved_as, learner.model
    if not name:
        return
    check_start(run)
    try:
        found = saved_as.read(run.start_dir)
    except SafetensorError as error:
        raise RunError(f"The adapter of {name} cannot be read: {error}.", _HINT) from error
    wanted = saved_as.tensors(model)
    if misfit := _misfit(found, wanted):
        raise RunError(f"The adapter of {name} does not fit this run: {misfit}.", _HINT)
    saved_as.put(model, found)
    taken = saved_as.tensors(model)
    if lost := next((key for key in found if not torch.equal(taken[key].cpu(), found[key].to(taken[key].dtype))), ""):
        raise RunError(f"The adapter of {name} cannot be trained further: {lost} would not be as it was.", _HINT)


def _misfit(found: Tensors, wanted: Tensors) -> str:
    """The first thing that is wrong, in words; empty if nothing is."""
    for key in sorted(wanted.keys() | found.keys()):
        if key not in found:
            return f"it lacks {key}"
        if key not in wanted:
            return f"it has {key}, which is not trained here"
        if found[key].shape != wanted[key].shape:
            return f"{key} is {_size(found[key])}, not {_size(wanted[key])}"
        if not bool(torch.isfinite(found[key]).all()):
            return f"{key} holds values that are no numbers"
    return ""


def _size(tensor: torch.Tensor) -> str:
    return " × ".join(map(str, tensor.shape))
