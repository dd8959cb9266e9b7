"""Talking to what a run made."""

import argparse

from workbench.cli.output import print_json
from workbench.runs.run_dir import RunDir


def chat(arguments: argparse.Namespace) -> int:
    """Talk to a run's result in the terminal."""
    from workbench.chat import terminal

    for text in terminal.talk(RunDir.open(arguments.root, arguments.run)):
        print(text, end="", flush=True)
    return 0


def compare(arguments: argparse.Namespace) -> int:
    """One question, answered by the original and by the tuned model."""
    from workbench.chat import terminal

    answers = terminal.compare(RunDir.open(arguments.root, arguments.run), arguments.prompt)
    if arguments.json:
        return print_json({"prompt": arguments.prompt, "answers": answers})
    for answer in answers:
        print(f"{answer['model']}: {answer['text']}")
    return 0


def add_compare_flags(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--run", required=True, help="id of the run")
    parser.add_argument("--prompt", required=True, help="what to ask both")
