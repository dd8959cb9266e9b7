"""Between the Check view and evaluations: what the browser sent becomes a request, what is there becomes an answer."""

import base64
import binascii
import time
from pathlib import Path
from typing import Any, get_args

from workbench.chat.questions import ORIGINAL, TUNED
from workbench.chat.scores.examples import count_own
from workbench.chat.scores.folder import Evaluation, evaluations, summarise
from workbench.chat.scores.request import EvaluationRequest, Part
from workbench.chat.scores.sheet import target_labels
from workbench.chat.scores.shipped_texts import MOST_OWN_BYTES, check_own
from workbench.data.sets import sources
from workbench.errors import DataError, RunError
from workbench.jobs.files import read_lines
from workbench.runs.run_dir import RunDir
from workbench.ui import text_check as text
from workbench.ui.chat.company import Company

Answer = dict[str, Any]

_MOST_POINTS = 600
_OWN: tuple[Part, ...] = ("held_out", "training")


def choices(company: Company, run_id: str) -> Answer:
    """The runs that can be checked, and what a run can be asked; `run` is empty where there is none at all."""
    told = company.tell(run_id)
    if not told["lead"]:
        return {"run": "", "runs": []}
    run = RunDir.open(company.root, told["lead"])
    listed = [{"id": one["id"], "name": one["name"], "apart": one["apart"]} for one in told["runs"]]
    return {
        "run": run.id,
        "runs": listed,
        "counts": {part: count_own(run, part) for part in _OWN},
        "sets": [dataset.name for dataset in sources.list_datasets(company.root)],
        "others": [one for one in listed if one["id"] != run.id and not one["apart"]],
        "earlier": [_tell_earlier(job) for job in evaluations(run)],
    }


def read_request(arg: Answer, root: Path) -> EvaluationRequest:
    """What the browser asks for. Raises RunError for what is no request, DataError for a set that is not listed."""
    chosen, others, data = arg.get("parts"), arg.get("others"), arg.get("data", "")
    count = arg.get("count")
    if not (isinstance(chosen, list) and isinstance(others, list) and isinstance(data, str) and isinstance(count, int)):
        raise RunError(text.BAD_WISH, text.RELOAD)
    if not all(isinstance(other, str) for other in others):
        raise RunError(text.BAD_WISH, text.RELOAD)
    if data and sources.find_set(data, root) is None:
        raise DataError(text.NOT_LISTED.format(data[:80]), text.CHOOSE_SET)
    return EvaluationRequest(
        parts=tuple(part for part in get_args(Part) if part in chosen and part in _OWN),
        data=data,
        others=tuple(others),
        count=count,
        answers=arg.get("answers") is True,
        scores=arg.get("scores") is True,
        forgetting=arg.get("forgetting") is True,
    )


def read_text(arg: Answer) -> bytes:
    """The text that goes with a request, b"" for none. Raises DataError for what is no text."""
    sent = arg.get("text", "")
    if not isinstance(sent, str) or not sent:
        return b""
    try:
        # Four letters are three bytes; what is far too long is not even decoded.
        content = base64.b64decode(sent[: 4 * MOST_OWN_BYTES // 3 + 8], validate=True)
    except binascii.Error as error:
        raise DataError("The text did not arrive whole.", text.RELOAD) from error
    check_own(content)
    return content


def find_run(root: Path, arg: Answer) -> RunDir:
    """Raises RunError."""
    run_id = arg.get("run")
    if not isinstance(run_id, str) or not run_id:
        raise RunError(text.NO_RUN, text.CHOOSE_RUN)
    return RunDir.open(root, run_id)


def find_job(root: Path, arg: Answer) -> Evaluation:
    """Raises RunError."""
    return Evaluation.open(find_run(root, arg), str(arg.get("id", "")))


def tell_state(job: Evaluation) -> Answer:
    """How far an evaluation is, and what is known of it by now."""
    status, goes_on = job.status(), job.goes_on
    labels = target_labels(job)
    url = f"/runs/{job.run.id}/evaluations/{job.id}"
    return {
        "id": job.id,
        "goes_on": goes_on,
        "can_go_on": not goes_on and status.phase != "finished",
        "message": status.message,
        "hint": "" if goes_on else status.hint,
        "trouble": status.phase in ("failed", "interrupted"),
        "percent": round(100 * status.step / status.steps) if status.steps else 0,
        "answered": len(job.answers()),
        "labels": list(labels.values()),
        "parts": _tell_parts(job.result().get("parts", {}), list(labels)),
        "points": _points(job),
        "forgetting": _tell_forgetting(job.forgetting(), labels),
        "reason": job.result().get("reason", ""),
        "csv": f"{url}/sheet.csv",
        "html": f"{url}/sheet.html",
    }


def _tell_earlier(job: Evaluation) -> Answer:
    about = summarise(job)
    date = time.strftime("%d %b %Y, %H:%M", time.localtime(about.created))
    phase = text.PHASES.get(about.phase, text.UNDER_WAY)
    words = text.EARLIER.format(date=date, phase=phase, answers=about.answers)
    marks = text.MARKED.format(good=about.good, bad=about.bad, all=about.answers) if about.good + about.bad else ""
    return {"id": about.id, "words": words, "marks": marks}


def _tell_parts(parts: dict[str, Any], names: list[str]) -> list[Answer]:
    return [
        {
            "label": text.PARTS[part],
            "examples": scores["examples"],
            "lines": [
                {"score": score, "label": label, "values": [scores[score][name] for name in names]}
                for score, label in text.SCORES.items()
                if score in scores
            ],
        }
        for part, scores in parts.items()
    ]


def _points(job: Evaluation) -> list[Answer]:
    """The mean loss of each example, by the original and by the run."""
    questions = {row["key"]: row["turns"][-1]["content"] for row in job.answers()}
    rows, _ = read_lines(job.losses_path)
    return [
        {
            "part": row["part"],
            "before": round(row["losses"][ORIGINAL] / row["tokens"], 4),
            "after": round(row["losses"][TUNED] / row["tokens"], 4),
            "words": questions.get(row["key"], "")[:100],
        }
        for row in rows[:_MOST_POINTS]
        if None not in (row["losses"][ORIGINAL], row["losses"][TUNED])
    ]


def _tell_forgetting(known: dict[str, Any], labels: dict[str, str]) -> Answer | None:
    if not known:
        return None
    texts = [
        {"label": text.TEXTS[source], "values": [table["perplexity"][name] for name in labels]}
        for source, table in known["texts"].items()
    ]
    verdicts = [{"name": labels[name], **verdict} for name, verdict in known["verdicts"].items()]
    return {"texts": texts, "verdicts": verdicts}
