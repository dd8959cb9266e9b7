"""Taking in adapters that were made elsewhere."""

import argparse
from pathlib import Path

from workbench.cli.output import print_json
from workbench.runs.listing import summarise
from workbench.training.importing.keeping import import_adapter


def import_(arguments: argparse.Namespace) -> int:
    """Take in an adapter from elsewhere, after checking all of it; it is then listed among the runs."""
    run = import_adapter(arguments.path, arguments.model, arguments.root, arguments.name)
    if arguments.json:
        return print_json(summarise(run).to_json())
    print(run.path)
    return 0


def add_import_flags(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("path", type=Path, nargs="+", help="its folder, a zip file of it, or its two files")
    parser.add_argument(
        "--model", required=True, help="the model that it was made for: a name from the list, or a folder"
    )
    parser.add_argument("--name", default="", help="what to call it (default: as its folder or file)")
