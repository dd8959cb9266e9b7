"""Starting, going on with and cancelling an evaluation. No torch: it has a process of its own."""

from pathlib import Path

from workbench.chat.questions import ORIGINAL, TUNED, why_not_together
from workbench.chat.scores.examples import count_own
from workbench.chat.scores.folder import Evaluation, evaluations
from workbench.chat.scores.request import EvaluationRequest
from workbench.chat.scores.shipped_texts import check_own
from workbench.data.sets import sources
from workbench.errors import RunError
from workbench.hardware.devices import free_memory_bytes, machine
from workbench.jobs import supervisor
from workbench.jobs.files import write_atomic
from workbench.models import catalog
from workbench.models.facts import facts
from workbench.runs.root import prepare
from workbench.runs.run_dir import RunDir

_WORKER = "workbench.chat.scores.worker"
_SPARE_BYTES = 500e6
_BYTES_PER_NUMBER = {"fp32": 4.0, "bf16": 2.0, "fp16": 2.0}
_ENDING_SECONDS = 10.0


def start(run: RunDir, request: EvaluationRequest, own_text: bytes = b"") -> Evaluation:
    """Begin to evaluate a run's result in the background, and others beside it.

    Raises RunError for what cannot be, DataError for a set that is not there or a text that is none, ModelError if the
    base is gone.
    """
    request.check()
    _check_runs(run, request)
    if (request.answers or request.scores) and not request.data and not any(count_own(run, p) for p in request.parts):
        raise RunError(f"{run.name} has none of these examples.", "Choose other examples, or a set to ask.")
    text = check_own(own_text) if own_text else ""
    _check_memory(run)
    prepare(run.root)
    job = Evaluation.create(run, _with_lasting_set(run, request))
    if text:
        write_atomic(job.own_text_path, text)
    supervisor.start(job, _slot(run), _WORKER, computes=True)
    return job


def go_on(job: Evaluation) -> None:
    """Do what is left of one that was cut short. Raises RunError for one that is done or under way."""
    phase = job.status().phase
    if phase == "finished" or job.goes_on:
        raise RunError(f"This check is {'done' if phase == 'finished' else 'under way'}.", "Begin another one.")
    job.wait_for_processes(_ENDING_SECONDS)
    _check_memory(job.run)
    supervisor.start(job, _slot(job.run), _WORKER, computes=True)


def cancel(job: Evaluation) -> None:
    """End it; what was done is kept. Raises RunError if it is not under way."""
    if not job.goes_on:
        raise RunError("This check is not under way.", "There is nothing to cancel.")
    job.request_stop()


def under_way(run: RunDir) -> Evaluation | None:
    """The evaluation of the run that goes on now, if there is one."""
    return next((job for job in evaluations(run) if job.goes_on), None)


def names_of(run: RunDir, request: EvaluationRequest) -> dict[str, str]:
    """The id of the run by the name of each who answers: "" for the original."""
    others = {f"{TUNED}-{number}": run_id for number, run_id in enumerate(request.others, start=2)}
    return {ORIGINAL: "", TUNED: run.id} | others


def _check_runs(run: RunDir, request: EvaluationRequest) -> None:
    if job := under_way(run):
        raise RunError(f"{run.name} is being checked already.", f"Wait for it, or cancel it first ({job.id}).")
    if not run.has_adapter():
        raise RunError(f"{run.name} has no result yet.", "Check it when it has ended.")
    for run_id in request.others:
        if reason := why_not_together(run, RunDir.open(run.root, run_id)):
            raise RunError(reason, "Choose runs with a result on the same model.")


def _with_lasting_set(run: RunDir, request: EvaluationRequest) -> EvaluationRequest:
    """A set is asked in the version that it has now, also where the check goes on later."""
    if not request.data:
        return request
    stored = request.to_json() | {"data": sources.find(request.data, run.root).reference}
    return EvaluationRequest.from_json(stored)


def _check_memory(run: RunDir) -> None:
    """Raises RunError where the model is larger than what is free. A GPU has memory of its own, and says so itself."""
    if machine().gpu:
        return
    config = run.config()
    folder = catalog.find(config.model.path, run.root)
    width = _BYTES_PER_NUMBER.get(config.model.precision, 2.0) if config.model.quantization == "none" else 1.0
    needed, free = facts(folder).parameters * width + _SPARE_BYTES, free_memory_bytes()
    if needed > free:
        raise RunError(
            f"The check needs about {needed / 1e9:.1f} GB of memory, and {free / 1e9:.1f} GB are free.",
            "Wait for the run that trains, or close other programs.",
        )


def _slot(run: RunDir) -> Path:
    return run.root / "evaluations.lock"
