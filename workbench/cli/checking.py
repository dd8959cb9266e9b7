"""Checking what a run learned: an answer sheet, scores, and what was forgotten."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.cli.following import follow
from workbench.cli.output import print_json
from workbench.errors import DataError
from workbench.runs.run_dir import RunDir

if TYPE_CHECKING:
    from workbench.chat.scores.folder import Evaluation
    from workbench.chat.scores.request import EvaluationRequest, Part

_WHAT = {"held_out": "held-out examples", "training": "training examples", "data": "examples of the set"}
_SCORES = {"loss": "loss", "perplexity": "perplexity", "exact": "exact match", "rouge_l": "ROUGE-L", "chrf": "chrF"}


def check(arguments: argparse.Namespace) -> int:
    """Answer examples with the original and the tuned model, score both, and see what was forgotten."""
    from workbench.chat.scores import launch

    run = RunDir.open(arguments.root, arguments.run)
    own = _read(arguments.text) if arguments.text else b""
    job = launch.start(run, _request(arguments), own)
    status = follow(job)
    if status.phase != "finished":
        print(f"{status.message} {status.hint}".strip(), file=sys.stderr)
        return 1
    if arguments.json:
        return print_json(_as_json(job))
    print("\n".join(_lines(job)))
    return 0


def add_check_flags(parser: argparse.ArgumentParser) -> None:
    which = parser.add_argument_group(
        "which examples", "Without any of these: held-out examples, and what was forgotten."
    )
    which.add_argument("--held-out", action="store_true", help="examples that the run never learned from")
    which.add_argument("--training", action="store_true", help="examples that it learned from")
    which.add_argument("--data", default="", metavar="SET", help="a set or a file: questions with or without answers")
    which.add_argument("--forgetting", action="store_true", help="what general texts cost, before and after")
    which.add_argument("--text", type=Path, metavar="FILE", help="a text of yours to be read for that as well")
    which.add_argument("--count", type=int, default=50, metavar="N", help="at most so many of each (default: 50)")
    how = parser.add_argument_group("how")
    how.add_argument("--beside", action="append", default=[], metavar="RUN", help="another run on the same model")
    how.add_argument("--answer-tokens", type=int, default=200, metavar="N", help="longest answer (default: 200)")
    how.add_argument("--no-answers", action="store_true", help="only the loss: no answer is written")


def _request(arguments: argparse.Namespace) -> "EvaluationRequest":
    from workbench.chat.scores.request import EvaluationRequest

    parts: list[Part] = []
    if arguments.held_out:
        parts.append("held_out")
    if arguments.training:
        parts.append("training")
    forgets = arguments.forgetting or arguments.text is not None
    is_named = bool(parts or arguments.data or forgets)
    asks = bool(parts or arguments.data) or not is_named
    return EvaluationRequest(
        parts=tuple(parts) if is_named else ("held_out",),
        data=arguments.data,
        others=tuple(arguments.beside),
        count=arguments.count,
        answers=asks and not arguments.no_answers,
        scores=asks,
        forgetting=forgets or not is_named,
        answer_tokens=arguments.answer_tokens,
    )


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise DataError(f"“{path}” cannot be read: {error.strerror}.", "Name a text file.") from error


def _as_json(job: "Evaluation") -> dict[str, object]:
    rows = [
        {"part": row["part"], "prompt": row["turns"][-1]["content"], "expected": row["expected"], **row["answers"]}
        for row in job.answers()
    ]
    result = job.result()
    return {
        "id": job.id,
        "run": job.run.id,
        "targets": result["targets"],
        "scores": result["parts"],
        "forgetting": job.forgetting(),
        "answers": rows,
    }


def _lines(job: "Evaluation") -> list[str]:
    lines = []
    for part, scores in job.result()["parts"].items():
        lines.append(f"{scores['examples']} {_WHAT[part]}")
        for score, label in _SCORES.items():
            values = scores.get(score, {})
            told = "   ".join(f"{name} {value:,.2f}" for name, value in values.items())
            lines += [f"  {label:<12} {told}"] if values else []
    several = len(job.forgetting().get("verdicts", {})) > 1
    for name, verdict in job.forgetting().get("verdicts", {}).items():
        lines.append(f"{name}: {verdict['sentence']}" if several else verdict["sentence"])
    return [*lines, str(job.path)]
