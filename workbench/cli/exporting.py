"""Exporting what a run learned."""

import argparse
import sys
from pathlib import Path

from workbench.cli.following import follow_bytes
from workbench.errors import RunError
from workbench.export import job as exporting
from workbench.export.record.statement import kept_statement, read_statement, write_questions
from workbench.export.request import ExportRequest
from workbench.export.targets import TARGETS
from workbench.runs.run_dir import RunDir


def export(arguments: argparse.Namespace) -> int:
    """Write what a run learned in a form that other programs read; it is checked first, and says how it was made."""
    run = RunDir.open(arguments.root, arguments.run)
    statement = read_statement(arguments.statement) if arguments.statement else kept_statement(run)
    numbers = _chosen_numbers(arguments.to, arguments.numbers)
    out = arguments.out.expanduser().absolute()
    status = follow_bytes(exporting.start(arguments.root, ExportRequest(run.id, arguments.to, numbers, out, statement)))
    if status.phase != "finished":
        raise RunError(status.message, status.hint)
    print(status.message, file=sys.stderr)
    print(out)
    return 0


def add_export_flags(parser: argparse.ArgumentParser) -> None:
    forms = "; ".join(f"{name}: {target.label}" for name, target in TARGETS.items())
    parser.add_argument("--to", choices=tuple(TARGETS), required=True, help=f"the form ({forms})")
    parser.add_argument(
        "--out", type=Path, required=True, metavar="PLACE", help="the folder that comes to be, or the file NAME.zip"
    )
    choices = "; ".join(f"{name}: {', '.join(target.numbers)}" for name, target in TARGETS.items() if target.numbers)
    parser.add_argument(
        "--numbers", default="", help=f"the number format of the weights, the first if not told ({choices})"
    )
    parser.add_argument(
        "--statement",
        type=Path,
        metavar="FILE.yaml",
        help="what only you know of it: intended use, origin of the data and so on (default: as told the last time)",
    )
    parser.add_argument("--questions", action=_Questions, nargs=0, help="print such a file to fill in, and end")


class _Questions(argparse.Action):
    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        print(write_questions(), end="")
        parser.exit()


def _chosen_numbers(target: str, asked: str) -> str:
    """Raises RunError where the target has no such number format."""
    offered = TARGETS[target].numbers
    if asked and asked not in offered:
        known = f"Choose one of {', '.join(offered)}." if offered else "Leave --numbers away."
        raise RunError(f"There is no number format “{asked}” for {target}.", known)
    return asked or next(iter(offered), "")
