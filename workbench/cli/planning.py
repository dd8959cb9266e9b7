"""What a run would take, before it is started: in words for a terminal, or as JSON for scripts."""

import argparse
import shlex
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from workbench.cli.output import print_json, tell
from workbench.cli.settings import add_train_flags, config
from workbench.config.problems import Problem
from workbench.jobs.room import free_bytes
from workbench.memory.terms import TERMS, Estimate
from workbench.training.checks import check_startable, find_problems
from workbench.training.largest import largest_batch, largest_length
from workbench.training.minutes import steps_within
from workbench.training.plan import Plan, make
from workbench.training.savings import Saving, find_savings
from workbench.ui.quantities import file_size, memory_amount, share, short_count, span

_BAR_WIDTH = 32
_HELP = (
    "Exit code 0: it can be started, even where `fits` is false; 2: it cannot be. "
    "In the JSON `terms` are GB by name, and `seconds` is the likeliest time, with `seconds_range` beside it. "
    "`vram_gb` is null where there is no GPU."
)


def plan(arguments: argparse.Namespace) -> int:
    """What a run with these settings would take of memory, time and disk. Nothing is started."""
    planned = make(config(arguments), arguments.root, tell)
    if arguments.minutes is not None:
        planned = planned.changed(steps_within(planned, arguments.minutes).settings)
    problems, savings = find_problems(planned), find_savings(planned)
    if arguments.json:
        print_json(_describe(planned, problems, savings))
    else:
        print("\n".join((*_needs(planned), *_told(problems), *_advised(savings))))
    check_startable(problems)
    return 0


def add_plan_flags(parser: argparse.ArgumentParser) -> None:
    """Those of train, so that its command can be asked about first."""
    parser.epilog = _HELP
    parser.add_argument("--minutes", type=float, help="plan as many updates as end within so many minutes")
    add_train_flags(parser)


def _describe(plan: Plan, problems: list[Problem], savings: list[Saving]) -> dict[str, Any]:
    return {
        "fits": plan.verdict != "will not fit",
        "verdict": plan.verdict,
        "ram_gb": round(plan.ram_gb, 3),
        "ram_free_gb": round(plan.ram_free_gb, 3),
        "vram_gb": round(plan.vram.gb, 3) if plan.vram else None,
        "vram_free_gb": plan.vram_free_gb,
        "disk_gb": round(plan.disk_gb, 4),
        "seconds": round(plan.time.seconds, 1),
        "seconds_range": [round(plan.time.low_seconds, 1), round(plan.time.high_seconds, 1)],
        "seconds_basis": plan.time.basis,
        "terms": _terms_gb(plan.ram),
        "vram_terms": _terms_gb(plan.vram) if plan.vram else None,
        "trainable": plan.trainable,
        "steps": plan.steps,
        "sights": round(_sights(plan), 2),
        "engine": plan.config.hardware.engine,
        "correction": plan.correction,
        "largest_batch": largest_batch(plan),
        "largest_length": largest_length(plan),
        "problems": [asdict(problem) for problem in problems],
        "savings": [asdict(saving) for saving in savings],
    }


def _sights(plan: Plan) -> float:
    """How often each row is seen."""
    return plan.steps * int(plan.config.training.batch_size) / max(1, len(plan.rows))


def _terms_gb(estimate: Estimate) -> dict[str, float]:
    return {name: round(amount / 1e9, 4) for name, amount in estimate.terms.items()}


def _needs(plan: Plan) -> Iterator[str]:
    parameters, engine = plan.facts.parameters, plan.config.hardware.engine
    of_all = f"{short_count(plan.trainable)} of {short_count(parameters)} ({share(plan.trainable, parameters)})"
    yield f"trains   {of_all}, on the {engine} path"
    batch, rows = plan.config.training.batch_size, f"{len(plan.rows):,} rows"
    yield f"updates  {plan.steps:,} of {batch} examples: each of {rows} is seen {_sights(plan):.3g} times"
    yield f"time     {span(plan.time.low_seconds, plan.time.high_seconds)}{_resting_on(plan)}"
    yield f"disk     {file_size(1000 * plan.disk_gb)} of {free_bytes(plan.root) / 1e9:.1f} GB free"
    yield f"memory   {memory_amount(plan.ram_gb)} of {plan.ram_free_gb:.1f} GB free: {plan.verdict}"
    yield from _bars(plan.ram)
    if told := plan.past.sentence():
        yield f"         {told}"
    if plan.vram:
        free = "" if plan.vram_free_gb is None else f" of {plan.vram_free_gb:.1f} GB free"
        yield f"GPU      {memory_amount(plan.vram.gb)}{free}"
        yield from _bars(plan.vram)
    yield f"at most  {largest_batch(plan):,} examples at once (micro-batch), or {largest_length(plan):,} tokens in each"


def _resting_on(plan: Plan) -> str:
    return {
        "arithmetic": ", not measured yet",
        "calibrated": ", by what this machine was measured to do",
        "run": ", by an earlier run",
    }[plan.time.basis]


def _bars(estimate: Estimate) -> Iterator[str]:
    width = max(len(term.label) for term in TERMS.values())
    for name, term in TERMS.items():
        if gb := estimate.terms.get(name, 0.0) / 1e9:
            bar = "█" * max(1, round(_BAR_WIDTH * gb / estimate.gb))
            yield f"         {term.label:<{width}}  {memory_amount(gb):>13}  {bar}"


def _told(problems: list[Problem]) -> Iterator[str]:
    if problems:
        yield ""
        yield from (f"{problem.level}: {problem.sentence}" for problem in problems)


def _advised(savings: list[Saving]) -> Iterator[str]:
    if savings:
        yield "\nWhat would take less memory, and what it then takes:"
    for saving in savings:
        flags = shlex.join(word for path, value in saving.settings.items() for word in (f"--{path}", _word(value)))
        yield f"  {memory_amount(saving.ram_gb)}, {saving.verdict}: {saving.sentence}"
        yield f"    {flags}"


def _word(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
