"""What the workbench makes of models and data files."""

import argparse
from typing import Any

from workbench.cli.output import print_json, tell
from workbench.cli.settings import add_settings, given
from workbench.config.build import build
from workbench.training import plan


def inspect(arguments: argparse.Namespace) -> int:
    """What the workbench makes of a model or a data file."""
    found = _inspect_model(arguments) if arguments.kind == "model" else _inspect_data(arguments)
    if arguments.json:
        return print_json(found)
    for name, value in found.items():
        print(f"{name}: {_in_words(value)}")
    return 0


def _in_words(value: Any) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{key} {_in_words(inner)}" for key, inner in value.items() if inner not in (None, "", []))
    if isinstance(value, list):
        return ", ".join(map(_in_words, value))
    return "none" if value is None else str(value)


def _inspect_model(arguments: argparse.Namespace) -> dict[str, Any]:
    from workbench.models import catalog, layouts
    from workbench.models.facts import describe, facts

    return describe(layouts.learn(facts(catalog.find(arguments.path, arguments.root)), arguments.root))


def _inspect_data(arguments: argparse.Namespace) -> dict[str, Any]:
    asked = {"model.path": arguments.model, "data.path": arguments.path}
    return plan.make(build(asked | given(arguments)), arguments.root, tell).report.to_json()


def add_inspect_flags(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("kind", choices=("model", "data"))
    parser.add_argument("path", help="a name from the list, a folder or a file")
    parser.add_argument("--model", default="starter", help="whose tokens to count in a data file (default: starter)")
    add_settings(parser, "data.", own=("data.path",))
