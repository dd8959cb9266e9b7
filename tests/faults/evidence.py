"""What a run left behind, and whether it is what a run without a fault leaves."""

import hashlib
from typing import Any

from workbench.monitoring.course import Course
from workbench.runs.run_dir import RunDir
from workbench.runs.thinned import thinned_path
from workbench.training.checkpoints import damage


def digest(run: RunDir) -> str:
    """The sha256 of the finished adapter, or of the weights that were changed."""
    weights = sorted(run.adapter_dir.rglob("*.safetensors"))
    assert weights
    return " ".join(hashlib.sha256(path.read_bytes()).hexdigest() for path in weights)


def kept_steps(run: RunDir) -> list[int]:
    """The steps of the whole checkpoints, the newest last."""
    whole = [folder for folder in run.checkpoints_dir.glob("step-*") if damage(folder) is None]
    return sorted(int(folder.name.removeprefix("step-")) for folder in whole)


def last_step(run: RunDir) -> int:
    """How far the record goes."""
    return max((row["step"] for row in Course(run).poll().metrics.steps), default=0)


def leftovers(run: RunDir) -> list[str]:
    """Files that nothing will ever read: staging folders, and what was half written or half deleted."""
    hidden = list(run.path.rglob(".*"))
    halves = [folder for folder in run.checkpoints_dir.iterdir() if damage(folder)]
    return sorted(str(path.relative_to(run.path)) for path in {*hidden, *halves})


def outcome(run: RunDir) -> dict[str, Any]:
    """All that must be equal in two runs of one plan, however often one of them was broken off."""
    course = Course(run).poll()
    thinned = thinned_path(run.metrics_path)  # it comes after a hundred updates, those done twice included
    return {
        "status": run.stored_status(),
        "adapter": digest(run),
        "steps": [(row["step"], row["loss"]) for row in course.metrics.steps],
        "checks": [(row["step"], row["eval_loss"]) for row in course.metrics.evaluations],
        "answers": [(row["step"], row["prompt"], row["answer"]) for row in course.samples],
        "checkpoints": kept_steps(run),
        "leftovers": leftovers(run),
        "files": sorted(str(path.relative_to(run.path)) for path in run.path.rglob("*") if path != thinned),
    }
