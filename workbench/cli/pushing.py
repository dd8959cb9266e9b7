"""Uploading an export to the hub, only where this is asked for."""

import argparse
import sys
from pathlib import Path

from workbench.cli.following import follow_bytes
from workbench.errors import RunError
from workbench.export.hub import job as pushing
from workbench.export.hub.job import PushRequest


def push(arguments: argparse.Namespace) -> int:
    """Upload an export to the hub, into a new repository, private unless you say otherwise."""
    request = PushRequest(arguments.folder.expanduser().absolute(), arguments.to, arguments.public)
    print(pushing.announce(request), file=sys.stderr)
    if arguments.size:
        return 0
    status = follow_bytes(pushing.start(arguments.root, request))
    if status.phase != "finished":
        raise RunError(status.message, status.hint)
    print(status.message)
    return 0


def add_push_flags(parser: argparse.ArgumentParser) -> None:
    parser.description = (
        f"{push.__doc__} The token comes from HF_TOKEN in the environment alone, and is never kept. What is on the hub "
        "already is not overwritten. The card must say that you confirmed the licence of the original."
    )
    parser.add_argument("folder", type=Path, help="the folder of an export")
    parser.add_argument("--to", required=True, metavar="USER/NAME", help="what the repository is to be called")
    parser.add_argument("--public", action="store_true", help="let everyone see it (default: you alone)")
    parser.add_argument("--size", action="store_true", help="say what would go, and upload nothing")
