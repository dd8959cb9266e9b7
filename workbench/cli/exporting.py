"""Exporting what a run learned."""

import argparse
import sys
from pathlib import Path

from workbench.cli.following import follow_bytes
from workbench.errors import RunError
from workbench.export import job as exporting
from workbench.export.request import DTYPES, ExportRequest


def export(arguments: argparse.Namespace) -> int:
    """Write a model with what a run learned in its weights, which other programs read; it is checked first."""
    request = ExportRequest(arguments.run, arguments.dtype, arguments.out.expanduser().absolute())
    status = follow_bytes(exporting.start(arguments.root, request))
    if status.phase != "finished":
        raise RunError(status.message, status.hint)
    print(status.message, file=sys.stderr)
    print(request.out)
    return 0


def add_export_flags(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--to", choices=("merged",), default="merged", help="the form (default: merged)")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="the folder that comes to be")
    parser.add_argument(
        "--dtype", choices=DTYPES, default="bf16", help="the number format of the weights (default: bf16)"
    )
