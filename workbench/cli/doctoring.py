"""What this machine has, and what would make it better."""

import argparse

from workbench.cli.output import print_json
from workbench.monitoring.doctor.examine import examine
from workbench.monitoring.doctor.finding import as_json, as_text


def add_doctor_flags(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--network", action="store_true", help="ask the model hub whether it can be reached")


def doctor(arguments: argparse.Namespace) -> int:
    """What this machine has of what the workbench uses."""
    arguments.root.mkdir(parents=True, exist_ok=True)
    findings = examine(arguments.root, asks_network=arguments.network)
    if arguments.json:
        return print_json(as_json(findings))
    print(as_text(findings))
    return 0
