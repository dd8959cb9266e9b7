"""The runs that wait for the training slot: told in their order, and moved."""

import argparse

from workbench.cli.output import print_json
from workbench.errors import WorkbenchError
from workbench.jobs.queue import PLACES
from workbench.runs.listing import live_run, summarise
from workbench.runs.queue import move, waiting
from workbench.runs.run_dir import RunDir

_COLUMNS = "{:>5}  {:24} {:12} {}"


def add_queue_flags(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("run", nargs="?", help="id of the run to move")
    parser.add_argument("--to", choices=PLACES, help="where to move it; `stop RUN` takes it out")


def queue(arguments: argparse.Namespace) -> int:
    """List the runs that wait, the next one first; with RUN and --to, change a run's place."""
    if bool(arguments.run) != bool(arguments.to):
        raise WorkbenchError("To move a run takes its id and a place.", "For example: queue pirate-2 --to first.")
    if arguments.run:
        move(RunDir.open(arguments.root, arguments.run), arguments.to)
    line = [summarise(run).to_json() | {"place": place} for place, run in enumerate(waiting(arguments.root), 1)]
    if arguments.json:
        return print_json(line)
    if not line:
        print("No run is waiting.")
        return 0
    if busy := live_run(arguments.root):
        print(f"{busy.id} is {busy.status().phase}; after it:")
    print(_COLUMNS.format("PLACE", "RUN", "MODEL", "DATA"))
    for run in line:
        print(_COLUMNS.format(run["place"], run["id"], run["model"], run["data"]))
    return 0
