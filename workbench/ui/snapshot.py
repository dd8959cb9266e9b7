"""What the live view of a run shows, as one JSON object; after the first, only what is new."""

import hashlib
import json
from bisect import bisect_right
from dataclasses import asdict
from itertools import groupby, pairwise
from operator import itemgetter
from pathlib import Path
from typing import Any

from workbench.jobs.files import read_json
from workbench.jobs.folder import ENDED, LIVE, Status
from workbench.methods.table import METHODS
from workbench.monitoring.course import Course
from workbench.monitoring.findings import find
from workbench.monitoring.result import conclude
from workbench.monitoring.series import POINTS, seconds_left, thin
from workbench.runs.rows import Row
from workbench.runs.run_dir import RunDir
from workbench.runs.thinned import mean_loss
from workbench.training.command import command_for
from workbench.training.lineage import parent_of
from workbench.training.merged import merged_of
from workbench.ui.line import describe_wait
from workbench.ui.log_tail import read_tail
from workbench.ui.question import Question
from workbench.ui.watch import Watched

_SERIES = ("step", "loss", "learning_rate", "grad_norm", "tokens_per_second")
_LIVE_SECONDS, _ENDED_SECONDS, _READING_SECONDS = 1.0, 5.0, 0.05
_NEW_POINTS = 20
"""Of what a fast run did since the last answer."""

_CHECKS_SHOWN = 1000
_ANSWERS_SHOWN = 20


def answer(watched: Watched, question: Question, fresh_seconds: float) -> dict[str, Any]:
    """Everything about a run that the page does not have yet."""
    now = watched.now(describe, fresh_seconds)
    course = watched.course
    full = question.generation != now["generation"] or not 0 <= question.cursor <= now["cursor"]
    known = Question(question.run) if full else question
    new = course.metrics.steps[bisect_right(course.metrics.steps, known.cursor, key=itemgetter("step")) :]
    told = {name: value for name, value in now.items() if name != "kept" or now["seen"] != known.seen}
    told |= {"full": full, "series": series(new, POINTS if full else _NEW_POINTS)}
    return told | _checks(course, known) | _samples(course, known) | _log(watched.run, known) | _once(watched, full)


def describe(watched: Watched) -> dict[str, Any]:
    """The run as it is now, for whoever asks. What changes rarely is in `kept`, each such with its own `seen`."""
    run, course, status = watched.run, watched.course, watched.run.status()
    reader = course.metrics.reader
    kept = {
        "run": _facts(watched),
        "findings": [] if reader.is_behind else [asdict(finding) for finding in find(course)],
        "result": None if reader.is_behind else _result(run, course),
    }
    return {
        "generation": f"{watched.key}-{course.metrics.generation}{'-reading' if reader.is_behind else ''}",
        "cursor": course.updates,
        "reading": round(100 * reader.share) if reader.is_behind else None,
        "poll_seconds": _poll_seconds(status.phase, reader.is_behind),
        "stopping": run.requested() if status.phase in LIVE else None,
        "lacks_room": run.waits_for_room(),
        "lacked_memory": status.phase in ENDED and run.ran_out_of_memory(),
        "numbers": _numbers(course),
        "machine": _machine(run, course),
        "kept": kept,
        "seen": hashlib.sha256(json.dumps(kept).encode()).hexdigest()[:12],
        **_progress(run, status, course),
    }


def series(rows: list[Row], limit: int) -> dict[str, list[float | None]]:
    """At most so many points of these rows; `mean` is the mean loss since the point before."""
    kept = thin([row["step"] for row in rows], [row["loss"] for row in rows], limit)
    means = (mean_loss(rows[before + 1 : index + 1]) for before, index in pairwise([-1, *kept]))
    columns = {name: [_short(rows[index].get(name)) for index in kept] for name in _SERIES}
    return columns | {"mean": [_short(mean) for mean in means]}


def _poll_seconds(phase: str, reading: bool) -> float:
    if reading:
        return _READING_SECONDS
    return _ENDED_SECONDS if phase in ENDED else _LIVE_SECONDS


def _facts(watched: Watched) -> dict[str, Any]:
    asked = watched.asked
    return {
        "id": watched.run.id,
        "name": watched.run.name,
        "model": Path(asked.model.path).name,
        "method": METHODS[asked.method.name].label,
        "data": Path(asked.data.path).name,
        "merged": merged_of(watched.run).get("name", "") if asked.model.merged else "",
        "origin": watched.run.origin(),
        "parent": parent_of(watched.run).get("name", "") if asked.model.adapter else "",
    }


def _result(run: RunDir, course: Course) -> dict[str, Any] | None:
    result = conclude(run, course)
    return asdict(result) if result else None


def _progress(run: RunDir, status: Status, course: Course) -> dict[str, Any]:
    rows = course.metrics.steps
    passes_a_step = rows[-1]["epoch"] / rows[-1]["step"] if rows else 0.0
    waits = describe_wait(run) if status.phase == "queued" else ""
    return {
        **asdict(status),
        "message": waits or status.message,
        "percent": round(100 * status.step / status.steps, 1) if status.steps else 0.0,
        "eta_seconds": seconds_left(rows, status.steps) if status.phase == "training" else None,
        "elapsed_seconds": rows[-1]["seconds"] if rows else 0.0,
        "epoch": rows[-1]["epoch"] if rows else 0.0,
        "epochs": round(status.steps * passes_a_step, 1) or None,
    }


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
        "peak_gb": course.system.peak_gb,
        "foretold_gb": course.foretold.ram_gb if course.foretold else None,
        "limit_gb": here.get("ram_gb", last["machine_ram_total_gb"]),
        "cores": here.get("cores"),
        "cpu": here.get("cpu"),
        "gpu": here.get("gpu"),
        "vram_gb": last.get("vram_gb"),
        "vram_total_gb": last.get("vram_total_gb"),
    }


def _checks(course: Course, known: Question) -> dict[str, Any]:
    """The checks that are new, thinned where there are thousands."""
    rows = course.metrics.evaluations
    new = rows[max(0, known.checks) :]
    kept = thin([row["step"] for row in new], [row["eval_loss"] for row in new], _CHECKS_SHOWN)
    checks = [{"step": new[index]["step"], "loss": _short(new[index]["eval_loss"])} for index in kept]
    return {"evaluations": checks, "checks": len(rows)}


def _samples(course: Course, known: Question) -> dict[str, Any]:
    samples = course.samples
    return {} if known.samples == len(samples) else {"samples": _by_prompt(samples), "sample_count": len(samples)}


def _log(run: RunDir, known: Question) -> dict[str, Any]:
    text, start, end = read_tail(run.log_path, known.log_bytes)
    return {} if known.log_bytes == end else {"log": text, "log_start": start, "log_bytes": end}


def _once(watched: Watched, full: bool) -> dict[str, Any]:
    """What never changes."""
    return {"settings": watched.settings, "command": command_for(watched.asked, watched.run.name)} if full else {}


def _by_prompt(samples: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each watched prompt once, in the order of its first answer, with its answers by step."""
    order = list(dict.fromkeys(row["prompt"] for row in samples))
    ranked = sorted(samples, key=lambda row: (order.index(row["prompt"]), row["step"]))
    return [_history(list(rows)) for _, rows in groupby(ranked, key=itemgetter("prompt"))]


def _history(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Of very many answers some, the first and the last among them."""
    every = -(-len(rows) // _ANSWERS_SHOWN)
    answers = [{"step": row["step"], "answer": row["answer"]} for row in [*rows[:-1:every], rows[-1]]]
    return {"prompt": rows[0]["prompt"], "expected": rows[0]["expected"], "answers": answers}


def _short(value: float | None) -> float | None:
    """Five digits are more than a chart or a reader can tell apart, and a third of the bytes."""
    return None if value is None else float(f"{value:.5g}")
