"""The process that carries out one evaluation. Run as `python -m workbench.chat.scores.worker FOLDER`, by its keeper.

The model is loaded once; each result is kept as it comes, so that a process that was killed is gone on from.
"""

import signal
import sys
import time
import traceback
from pathlib import Path

from workbench.chat.models import load_model
from workbench.chat.protocol import Question, Turn
from workbench.chat.questions import ORIGINAL, Answerer, question_to
from workbench.chat.scores.examples import gather
from workbench.chat.scores.folder import Evaluation
from workbench.chat.scores.launch import names_of
from workbench.chat.scores.pace import known_pace, work_of
from workbench.chat.scores.progress import Progress, Stopped
from workbench.chat.scores.results import score_parts, shorten, tell_forgetting
from workbench.chat.scores.stages import Bench, answer, read_examples, read_texts
from workbench.config.sampling import Sampling
from workbench.errors import WorkbenchError
from workbench.jobs.files import read_lines, write_json
from workbench.jobs.folder import Status

_AGAIN = "Go on with it: what was done is kept."


def main(job_path: str) -> int:
    """Evaluate, and put whatever happens into the status. Returns the exit code."""
    job = Evaluation(Path(job_path))
    signal.signal(signal.SIGTERM, lambda *_: job.request_stop())
    try:
        _evaluate(job)
    except Stopped:
        return job.end("stopped", "The check was cancelled.", _AGAIN)
    except WorkbenchError as error:
        return job.end("failed", error.message, error.hint)
    except MemoryError:
        return job.end("failed", "There is not enough memory for this check.", "Close other programs, then go on.")
    except Exception as error:  # noqa: BLE001 - the edge of the process: a defect is told as one
        traceback.print_exception(error)
        return job.end("failed", f"The check failed: {type(error).__name__}: {error}.", "The log has the details.")
    return 0


def _evaluate(job: Evaluation) -> None:
    request, progress = job.request, Progress(job)
    progress.tell("Reading the examples.")
    examples = gather(job, lambda waiting: progress.check()) if request.answers or request.scores else []
    progress.tell("Loading the model.")
    began = time.monotonic()
    question = _question(job)
    model, reason = load_model(question, job.run.root / "cache" / "kernels")
    model.prepare(question.targets)
    work = work_of(job.run, request, known_pace(job.run))
    bench = Bench(job, model, question, progress, time.monotonic() - began, work)
    # The longest comes last, when the pace of this machine is known.
    if request.scores:
        read_examples(bench, examples)
    if request.forgetting:
        read_texts(bench)
    if request.answers:
        answer(bench, [asked for asked in examples if asked.turns])
    _conclude(bench, reason)


def _question(job: Evaluation) -> Question:
    """Who answers, without a conversation yet. Raises RunError for a run that is gone or of another base."""
    run, request = job.run, job.request
    names = names_of(run, request)
    asked: dict[str, tuple[Answerer, list[Turn]]] = {name: (Answerer(run_id), []) for name, run_id in names.items()}
    return question_to(run, asked, Sampling(temperature=0.0, max_new_tokens=request.answer_tokens))


def _conclude(bench: Bench, reason: str) -> None:
    job = bench.job
    bench.progress.tell("Reckoning the scores.")
    names = [target.name for target in bench.question.targets]
    answers = job.answers() if job.request.scores else []
    texts = read_lines(job.texts_path)[0]
    result = {
        "targets": names_of(job.run, job.request),
        "parts": score_parts(answers, read_lines(job.losses_path)[0], names),
        "reason": reason,
        "pace": bench.measured_pace(known_pace(job.run)).to_json(),
    }
    forgetting = tell_forgetting(texts, names) if texts else {}
    if forgetting:
        write_json(job.forgetting_path, forgetting)
    write_json(job.result_path, result)
    tuned = next(name for name in names if name != ORIGINAL)
    short = shorten(result, forgetting, tuned)
    if short:
        kept = short | {"evaluation": job.id}
        job.run.change_about(lambda about: about | {"scores": about.get("scores", {}) | kept})
    done = job.stored_status()
    job.write_status(Status("finished", done.steps, done.steps, "The check is done."))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
