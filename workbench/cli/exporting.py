"""Exporting what a run learned."""

import argparse
import sys
from pathlib import Path

from workbench.cli.following import follow_bytes
from workbench.errors import RunError
from workbench.export import job as exporting
from workbench.export.request import ExportRequest
from workbench.export.targets import TARGETS


def export(arguments: argparse.Namespace) -> int:
    """Write what a run learned in a form that other programs read; it is checked first."""
    numbers = _chosen_numbers(arguments.to, arguments.numbers)
    request = ExportRequest(arguments.run, arguments.to, numbers, arguments.out.expanduser().absolute())
    status = follow_bytes(exporting.start(arguments.root, request))
    if status.phase != "finished":
        raise RunError(status.message, status.hint)
    print(status.message, file=sys.stderr)
    print(request.out)
    return 0


def add_export_flags(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--to", choices=tuple(TARGETS), required=True, help="the form")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="the folder that comes to be")
    choices = "; ".join(f"{name}: {', '.join(target.numbers)}" for name, target in TARGETS.items() if target.numbers)
    parser.add_argument(
        "--numbers", default="", help=f"the number format of the weights, the first if not told ({choices})"
    )


def _chosen_numbers(target: str, asked: str) -> str:
    """Raises RunError where the target has no such number format."""
    offered = TARGETS[target].numbers
    if asked and asked not in offered:
        known = f"Choose one of {', '.join(offered)}." if offered else "Leave --numbers away."
        raise RunError(f"There is no number format “{asked}” for {target}.", known)
    return asked or next(iter(offered), "")
