"""Showing a run in another program."""

import argparse
import sys

from workbench.errors import RunError
from workbench.monitoring.trackers import launch
from workbench.monitoring.trackers.table import TRACKERS, find_tracker
from workbench.runs.run_dir import RunDir


def track(arguments: argparse.Namespace) -> int:
    """Send a run to TensorBoard, Trackio, Weights & Biases or MLflow, while it trains or afterwards."""
    run, entry = RunDir.open(arguments.root, arguments.run), find_tracker(arguments.to)
    job = launch.start(run, entry.name)
    if arguments.wait:
        status = job.wait()
        if status.phase not in ("finished", "stopped"):
            raise RunError(status.message, status.hint)
        print(status.message, file=sys.stderr)
    print(entry.look_command(arguments.root))
    return 0


def add_track_flags(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--to", required=True, choices=tuple(TRACKERS), help="which one")
    parser.add_argument("--wait", action="store_true", help="stay until the run has ended and all of it is sent")
