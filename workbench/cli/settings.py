"""Settings as flags: one for each, and the config that those given make."""

import argparse
from pathlib import Path
from typing import Any

from workbench.config import presets, yaml_io
from workbench.config.build import build
from workbench.config.fields import Leaf, leaves
from workbench.config.run_config import RunConfig


def add_train_flags(parser: argparse.ArgumentParser) -> None:
    start = parser.add_mutually_exclusive_group()
    start.add_argument("--preset", help=f"start from a preset: {', '.join(presets.names())}")
    start.add_argument("--config", type=Path, help="start from a YAML file, such as a run's config.yaml")
    parser.add_argument("--name", help="what to call the run")
    add_wait(parser)
    add_settings(parser)


def add_extend_flags(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--name", help="what to call the new run")
    add_wait(parser)
    add_settings(parser, own=("model.adapter",))


def add_settings(parser: argparse.ArgumentParser, section: str = "", own: tuple[str, ...] = ()) -> None:
    """A flag for each setting of a section, but for those that the command takes in its own way."""
    for leaf in leaves(RunConfig):
        if leaf.path.startswith(section) and leaf.path not in own:
            repeated: dict[str, Any] = {"action": "append"} if leaf.kind is list else {}
            parser.add_argument(f"--{leaf.path}", metavar="VALUE", help=_help(leaf), **repeated)


def _help(leaf: Leaf) -> str:
    choices = f" One of {', '.join(leaf.spec.choices)}." if leaf.spec.choices else ""
    many = " May be given several times." if leaf.kind is list else ""
    default = "none" if leaf.kind is list else leaf.default
    return f"{leaf.spec.label}. {leaf.spec.help}{choices}{many} (default: {default})".replace("%", "%%")


def add_wait(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--wait", action="store_true", help="stay until the run has ended")


def config(arguments: argparse.Namespace) -> RunConfig:
    """Preset or file first, then the flags on top."""
    base = RunConfig()
    if arguments.preset:
        base = presets.load(arguments.preset)
    if arguments.config:
        base = yaml_io.load(arguments.config)
    return build(given(arguments), base)


def given(arguments: argparse.Namespace) -> dict[str, Any]:
    """The settings among the flags."""
    found = {leaf.path: getattr(arguments, leaf.path, None) for leaf in leaves(RunConfig)}
    return {path: value for path, value in found.items() if value is not None}
