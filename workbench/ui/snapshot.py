"""What the live view of a run shows, as one JSON object; after the first, only what is new."""

from bisect import bisect_right
from dataclasses import asdict, dataclass
from itertools import groupby, pairwise
from operator import itemgetter
from pathlib import Path
from typing import Any

from workbench.errors import WorkbenchError
from workbench.jobs.files import read_json
from workbench.jobs.folder import ENDED, LIVE, Status
from workbench.methods.table import METHODS
from workbench.monitoring.course import Course
from workbench.monitoring.findings import find
from workbench.monitoring.result import conclude
from workbench.monitoring.series import seconds_left, thin
from workbench.runs.listing import live_run
from workbench.runs.rows import Row
from workbench.runs.run_dir import RunDir, all_runs
from workbench.runs.thinned import mean_loss
from workbench.training.command import command_for
from workbench.ui.line import describe_wait
from workbench.ui.watch import Watch, Watched

_SERIES = ("step", "loss", "learning_rate", "grad_norm", "tokens_per_second")
_LIVE_SECONDS, _ENDED_SECONDS = 1.0, 5.0
_READING_SECONDS = 0.05
_LOG_LINES = 200


@dataclass(frozen=True)
class Question:
    """What a page asks, and what it has already. An empty run means the one that trains, else the newest."""

    run: str = ""
    cursor: int = 0
    generation: str = ""
    samples: int = -1
    log_bytes: int = -1


def snapshot(watch: Watch, root: Path, arg: Any) -> dict[str, Any]:
    """The answer to one poll. Anyone can ask, so everything in `arg` is checked; `problem` says what is wrong."""
    try:
        question = read_question(arg)
        run = choose_run(root, question.run)
        if run is None:
            return {"run": None, "poll_seconds": 2 * watch.stretch()}
        with watch.look(run) as watched:
            answer = describe(run, watched, question)
    except WorkbenchError as error:
        return {"problem": str(error), "poll_seconds": _ENDED_SECONDS}
    return answer | {"poll_seconds": _usual_seconds(answer) * watch.stretch()}


def read_question(arg: Any) -> Question:
    """Raises WorkbenchError unless `arg` is an object with a text or whole number for each key."""
    kinds = {"run": str, "cursor": int, "generation": str, "samples": int, "log_bytes": int}
    if not isinstance(arg, dict) or any(type(value) is not kinds.get(key) for key, value in arg.items()):
        raise WorkbenchError("The page asked for something that does not exist.", "Reload the page.")
    return Question(**arg)


def choose_run(root: Path, run_id: str) -> RunDir | None:
    """The run with this id; without one, the run that trains, else the newest, if any."""
    if run_id:
        return RunDir.open(root, run_id)
    return live_run(root) or next(reversed(all_runs(root)), None)


def describe(run: RunDir, watched: Watched, question: Question) -> dict[str, Any]:
    """Everything about a run that the page does not have yet."""
    course, status = watched.course, run.status()
    generation = f"{watched.key}-{course.metrics.generation}{'-reading' if course.metrics.reader.is_behind else ''}"
    reading = course.metrics.reader.is_behind
    full = question.generation != generation or not 0 <= question.cursor <= course.updates
    new = bisect_right(course.metrics.steps, 0 if full else question.cursor, key=itemgetter("step"))
    answer = {
        "run": _facts(run, watched),
        "generation": generation,
        "cursor": course.updates,
        "full": full,
        "reading": round(100 * course.metrics.reader.share) if reading else None,
        "series": _series(course.metrics.steps[new:]),
        "evaluations": [{"step": row["step"], "loss": _short(row["eval_loss"])} for row in course.metrics.evaluations],
        "numbers": _numbers(course),
        "machine": _machine(run, course),
        "findings": [] if reading else [asdict(finding) for finding in find(course)],
        "stopping": run.requested() if status.phase in LIVE else None,
    }
    answer |= _progress(status, watched)
    if status.phase == "queued":
        answer["message"] = describe_wait(run) or status.message
    result = None if reading else conclude(run, course)
    answer["result"] = asdict(result) if result else None
    return answer | _texts(run, watched, Question(generation=generation) if full else question)


def _usual_seconds(answer: dict[str, Any]) -> float:
    if answer["reading"] is not None:
        return _READING_SECONDS
    return _ENDED_SECONDS if answer["phase"] in ENDED else _LIVE_SECONDS


def _facts(run: RunDir, watched: Watched) -> dict[str, Any]:
    asked = watched.asked
    return {
        "id": run.id,
        "name": run.name,
        "model": Path(asked.model.path).name,
        "method": METHODS[asked.method.name].label,
        "data": Path(asked.data.path).name,
    }


def _progress(status: Status, watched: Watched) -> dict[str, Any]:
    rows = watched.course.metrics.steps
    passes_a_step = rows[-1]["epoch"] / rows[-1]["step"] if rows else 0.0
    return {
        **asdict(status),
        "percent": round(100 * status.step / status.steps, 1) if status.steps else 0.0,
        "eta_seconds": seconds_left(rows, status.steps) if status.phase == "training" else None,
        "elapsed_seconds": rows[-1]["seconds"] if rows else 0.0,
        "epoch": rows[-1]["epoch"] if rows else 0.0,
        "epochs": round(status.steps * passes_a_step, 1) or None,
    }


def _series(rows: list[Row]) -> dict[str, list[float | None]]:
    """The points of these rows, thinned where there are more than a chart can show; `mean` is that since the last."""
    kept = thin([row["step"] for row in rows], [row["loss"] for row in rows])
    series = {name: [_short(rows[index].get(name)) for index in kept] for name in _SERIES}
    means = (mean_loss(rows[before + 1 : index + 1]) for before, index in pairwise([-1, *kept]))
    return series | {"mean": [_short(mean) for mean in means]}


def _numbers(course: Course) -> dict[str, Any]:
    steps, checks = course.metrics.steps, course.checks()
    last = steps[-1] if steps else {}
    best = min(checks, key=itemgetter("eval_loss"), default={})
    return {
        "loss": _short(last.get("loss")),
        "first_loss": _short(steps[0]["loss"]) if steps else None,
        "eval_loss": _short(checks[-1]["eval_loss"]) if checks else None,
        "best_eval_loss": _short(best.get("eval_loss")),
        "best_eval_step": best.get("step"),
        **{name: _short(last.get(name)) for name in ("learning_rate", "grad_norm", "tokens_per_second")},
    }


def _machine(run: RunDir, course: Course) -> dict[str, Any] | None:
    last = course.system.last
    if last is None:
        return None
    here = read_json(run.environment_path)
    return {
        **last,
        "peak_ram_gb": course.system.peak_ram_gb,
        "limit_gb": here.get("ram_gb", last["machine_ram_total_gb"]),
        "cores": here.get("cores"),
        "cpu": here.get("cpu"),
        "gpu": here.get("gpu"),
        "vram_gb": last.get("vram_gb"),
        "vram_total_gb": last.get("vram_total_gb"),
    }


def _texts(run: RunDir, watched: Watched, question: Question) -> dict[str, Any]:
    """The parts that are large or never change, only if the page has not got them as they are now."""
    texts: dict[str, Any] = {}
    samples, log_bytes = watched.course.samples, run.log_path.stat().st_size if run.log_path.exists() else 0
    if question.samples != len(samples):
        texts |= {"samples": _by_prompt(samples), "sample_count": len(samples)}
    if question.log_bytes != log_bytes:
        texts |= {"log": run.log_tail(_LOG_LINES), "log_bytes": log_bytes}
    if question.cursor == 0:
        texts |= {"settings": watched.settings, "command": command_for(watched.asked, run.name)}
    return texts


def _by_prompt(samples: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each watched prompt once, in the order of its first answer, with its answers by step."""
    order = list(dict.fromkeys(row["prompt"] for row in samples))
    ranked = sorted(samples, key=lambda row: (order.index(row["prompt"]), row["step"]))
    return [_history(list(rows)) for _, rows in groupby(ranked, key=itemgetter("prompt"))]


def _history(rows: list[dict[str, Any]]) -> dict[str, Any]:
    answers = [{"step": row["step"], "answer": row["answer"]} for row in rows]
    return {"prompt": rows[0]["prompt"], "expected": rows[0]["expected"], "answers": answers}


def _short(value: float | None) -> float | None:
    """Five digits are more than a chart or a reader can tell apart, and a third of the bytes."""
    return None if value is None else float(f"{value:.5g}")
