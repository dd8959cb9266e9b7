"""Starting, pausing, stopping and showing runs."""

import argparse
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from workbench.cli.finishing import tell_lighter
from workbench.cli.output import print_json, tell
from workbench.cli.settings import config, given
from workbench.config import yaml_io
from workbench.config.build import build
from workbench.config.problems import Problem
from workbench.config.run_config import RunConfig
from workbench.errors import ChangedError, RunError
from workbench.jobs.folder import Status
from workbench.runs.listing import list_runs, summarise
from workbench.runs.metrics import last_row
from workbench.runs.run_dir import RunDir, next_name
from workbench.training import launch, lineage, plan
from workbench.training.checks import find_problems
from workbench.training.command import command_to_extend

if TYPE_CHECKING:
    from workbench.monitoring.result import Result

_COLUMNS = "{:24} {:12} {:>11} {:>8}  {:12} {}"


def train(arguments: argparse.Namespace) -> int:
    """Start a run in the background; with --wait, stay until it ends."""
    return _start(config(arguments), arguments)


def extend(arguments: argparse.Namespace) -> int:
    """Train the adapter of a run further in a new run, with its settings and the flags on top."""
    run = RunDir.open(arguments.root, arguments.run)
    return _start(build(given(arguments), lineage.extend(run)), arguments)


def _start(wanted: RunConfig, arguments: argparse.Namespace) -> int:
    planned = plan.make(wanted, arguments.root, tell)
    _tell_all_but_first_error(find_problems(planned))
    run = launch.start(planned, arguments.name or next_name(arguments.root, Path(planned.asked.data.path).stem))
    if arguments.wait:
        return _wait(run)
    print(run.path)
    return 0


def _tell_all_but_first_error(problems: list[Problem]) -> None:
    """The first error ends the start, which tells it."""
    is_refused = bool(problems) and problems[0].level == "error"
    for problem in problems[is_refused:]:
        print(f"{problem.level}: {problem.sentence}", file=sys.stderr)


def resume(arguments: argparse.Namespace) -> int:
    """Go on from a run's last checkpoint."""
    run = RunDir.open(arguments.root, arguments.run)
    try:
        launch.resume(run)
    except ChangedError as error:
        way = f" That is `{command_to_extend(run.id)}`." if error.leaves_adapter else ""
        raise RunError(error.message, f"{error.hint}{way}") from error
    if arguments.wait:
        return _wait(run)
    print(run.path)
    return 0


def stop(arguments: argparse.Namespace) -> int:
    """Ask a run to save and end, and wait until it has."""
    return _ask(arguments, launch.stop)


def pause(arguments: argparse.Namespace) -> int:
    """Ask a run to save and give memory and processor back, and wait until it has; `resume` goes on."""
    return _ask(arguments, launch.pause)


def cancel(arguments: argparse.Namespace) -> int:
    """End a run without saving more, also one that hangs, and wait until it has ended."""
    return _ask(arguments, launch.cancel)


def runs(arguments: argparse.Namespace) -> int:
    """List all runs, newest first."""
    found = list_runs(arguments.root)
    if arguments.json:
        return print_json([run.to_json() for run in found])
    if not found:
        print("No runs yet. `python -m workbench train --preset quick --wait` starts one.")
        return 0
    print(_COLUMNS.format("RUN", "PHASE", "UPDATES", "LOSS", "MODEL", "DATA"))
    for run in found:
        loss = "" if run.loss is None else f"{run.loss:.3f}"
        phase = "imported" if run.imported else "blended" if run.blended else run.phase
        print(_COLUMNS.format(run.id, phase, f"{run.step}/{run.steps}", loss, run.model, run.data))
    return 0


def show(arguments: argparse.Namespace) -> int:
    """Everything about one run."""
    from workbench.monitoring import findings, result
    from workbench.monitoring.course import Course

    run = RunDir.open(arguments.root, arguments.run)
    if arguments.follow:
        return _wait(run)
    course = Course(run).poll()
    outcome = result.conclude(run, course)
    lighter = tell_lighter(run) if run.ran_out_of_memory() else []
    details = summarise(run).to_json() | {
        "config": run.config().model_dump(),
        "findings": [finding.sentence for finding in findings.find(course)],
        "best": asdict(outcome) if outcome else None,
        "lighter": lighter,
    }
    if arguments.json:
        return print_json(details)
    print(yaml_io.dump(run.config()))
    for name in ("phase", "step", "steps", "loss", "message", "parent", "merged"):
        print(f"{name}: {details[name]}")
    if outcome:
        print(f"result: {_in_words(outcome)}")
        if outcome.kept_rank:
            print(f"saved as: LoRA of rank {outcome.kept_rank}")
        for layer, rank in outcome.ranks.items():
            print(f"rank {rank:>3}  {layer}")
    for finding in details["findings"]:
        print(f"- {finding}")
    for saving in lighter:
        print(f"Start again with less memory. {saving['sentence']}\n  {saving['command']}")
    return 0


def _in_words(outcome: "Result") -> str:
    """The word for a result, and the error before and after where it was measured."""
    if outcome.before is None or outcome.after is None:
        return outcome.word
    return f"{outcome.word}, error on held-out examples {outcome.before:.3f} → {outcome.after:.3f}"


def _ask(arguments: argparse.Namespace, ask: Callable[[RunDir], None]) -> int:
    """Ask something of a run, wait for it, and say what it came to."""
    run = RunDir.open(arguments.root, arguments.run)
    ask(run)
    print(f"{run.name}: {run.wait().phase}")
    return 0


def _wait(run: RunDir) -> int:
    """Stay until the run ends; the folder is the last line."""
    status = _follow(run)
    if status.phase not in ("finished", "stopped"):
        print(f"{run.name} {status.phase}: {status.message} {status.hint}".rstrip(), file=sys.stderr)
    print(run.path)
    return 0 if status.phase in ("finished", "stopped") else 1


def _follow(run: RunDir) -> Status:
    """One live line on a terminal, nothing elsewhere."""
    if not sys.stderr.isatty():
        return run.wait()

    def draw(status: Status) -> None:
        loss = last_row(run.metrics_path).get("loss")
        shown = "" if loss is None else f" · loss {loss:.3f}"
        print(f"\r\x1b[K{run.name}: {status.phase} {status.step}/{status.steps}{shown}", end="", file=sys.stderr)

    status = run.wait(draw)
    print(file=sys.stderr)
    return status
