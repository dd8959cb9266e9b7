"""What this machine has, and what would make it better."""

import argparse

from workbench.cli.output import print_json
from workbench.monitoring.doctor.examine import examine
from workbench.monitoring.doctor.finding import as_json, as_text
from workbench.training.calibration.findings import examine_speed
from workbench.training.calibration.job import calibrate


def add_doctor_flags(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--network", action="store_true", help="ask the model hub whether it can be reached")
    parser.add_argument("--measure", action="store_true", help="measure how fast this machine computes: about a minute")


def doctor(arguments: argparse.Namespace) -> int:
    """What this machine has of what the workbench uses."""
    arguments.root.mkdir(parents=True, exist_ok=True)
    if arguments.measure:
        calibrate(arguments.root)
    findings = [*examine(arguments.root, asks_network=arguments.network), examine_speed(arguments.root)]
    if arguments.json:
        return print_json(as_json(findings))
    print(as_text(findings))
    return 0
