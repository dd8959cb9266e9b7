"""Taking in adapters that were made elsewhere, and runs of other workbenches."""

import argparse
from pathlib import Path

from workbench.cli.output import print_json
from workbench.runs.listing import summarise
from workbench.training.importing.taking import take_in


def import_(arguments: argparse.Namespace) -> int:
    """Take in an adapter, or an exported run, after checking all of it; it is then listed among the runs."""
    run = take_in(arguments.path, arguments.model, arguments.root, arguments.name)
    if arguments.json:
        return print_json(summarise(run).to_json())
    print(run.path)
    return 0


def add_import_flags(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("path", type=Path, nargs="+", help="its folder, a zip file of it, or an adapter's two files")
    parser.add_argument(
        "--model", required=True, help="the model that it was made for: a name from the list, or a folder"
    )
    parser.add_argument("--name", default="", help="what to call it (default: its name, or that of its files)")
