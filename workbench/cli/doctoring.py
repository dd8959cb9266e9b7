"""What this machine has, and what would make it better."""

import argparse

from workbench.cli.output import print_json
from workbench.monitoring.this_machine import as_json, as_text, examine


def doctor(arguments: argparse.Namespace) -> int:
    """What this machine has of what the workbench uses."""
    arguments.root.mkdir(parents=True, exist_ok=True)
    findings = examine(arguments.root)
    if arguments.json:
        return print_json(as_json(findings))
    print(as_text(findings))
    return 0
