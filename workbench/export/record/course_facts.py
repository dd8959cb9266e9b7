"""How a run went, as its record tells it: what its files hold of updates, checks, interruptions and scores."""

from dataclasses import dataclass
from typing import Any

from workbench.jobs.files import read_json
from workbench.runs.metrics import Metrics, last_attempt
from workbench.runs.rows import Row
from workbench.runs.run_dir import RunDir


@dataclass(frozen=True)
class CourseFacts:
    """Losses are means over learned tokens; None where there is no number."""

    steps: int
    planned_steps: int
    phase: str
    """How it ended: finished, or stopped before."""
    tokens: int
    learned_tokens: int
    epochs: float
    seconds: float
    loss_first: float | None
    loss_last: float | None
    loss_best: float | None
    held_out_before: float | None
    held_out_after: float | None
    held_out_best: float | None
    held_out_best_step: int | None
    result_step: int
    """The step that the result is of."""
    resumes: int
    """How often it was interrupted, or paused, and went on."""


def gather_course(run: RunDir) -> CourseFacts | None:
    """None of a run that nobody trained here."""
    metrics = Metrics(run.metrics_path).poll()
    if not metrics.steps:
        return None
    last, status = metrics.steps[-1], run.stored_status()
    result_step = _result_step(run, last["step"])
    losses = [row["loss"] for row in metrics.steps if row["loss"] is not None]
    return CourseFacts(
        steps=last["step"],
        planned_steps=status.steps or last["step"],
        phase=status.phase,
        tokens=int(last.get("tokens", 0)),
        learned_tokens=int(last.get("learned_tokens", 0)),
        epochs=round(float(last.get("epoch", 0.0)), 2),
        seconds=round(float(last.get("seconds", 0.0)), 1),
        loss_first=losses[0] if losses else None,
        loss_last=losses[-1] if losses else None,
        loss_best=min(losses, default=None),
        result_step=result_step,
        resumes=max(0, last_attempt(run.metrics_path) - 1),
        **_checks(metrics.evaluations, result_step),
    )


def gather_scores(run: RunDir) -> dict[str, Any]:
    """What checks of the run have found, by part of the examples; empty where none was made."""
    scores = run.about().get("scores", {})
    return {name: value for name, value in scores.items() if isinstance(value, dict)}


def _result_step(run: RunDir, last: int) -> int:
    best: int | None = read_json(run.adapter_dir / "best.json").get("step")
    return last if best is None else best


def _checks(rows: list[Row], result_step: int) -> dict[str, Any]:
    """On held-out examples: before the first update, of the result, and the best of all."""
    until = [row["eval_loss"] for row in rows if row["step"] <= result_step]
    best = min((row for row in rows if row["eval_loss"] is not None), key=lambda row: row["eval_loss"], default=None)
    return {
        "held_out_before": until[0] if until and rows[0]["step"] == 0 else None,
        "held_out_after": until[-1] if until else None,
        "held_out_best": best["eval_loss"] if best else None,
        "held_out_best_step": best["step"] if best else None,
    }
