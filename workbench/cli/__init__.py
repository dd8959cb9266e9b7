"""The command line: parse, call, print. `python -m workbench --help`."""

import argparse
import os
import sys
from collections.abc import Callable
from typing import NoReturn

from workbench.cli.blending import add_blend_flags, blend
from workbench.cli.checking import add_check_flags, check
from workbench.cli.choosing import add_models_flags, models
from workbench.cli.cleaning import clean, restore
from workbench.cli.doctoring import add_doctor_flags, doctor
from workbench.cli.exporting import add_export_flags, export
from workbench.cli.fetching import add_fetch_flags, fetch
from workbench.cli.finishing import add_finish_flags, finish
from workbench.cli.importing import add_import_flags, import_
from workbench.cli.inspecting import add_inspect_flags, inspect
from workbench.cli.planning import add_plan_flags, plan
from workbench.cli.pushing import add_push_flags, push
from workbench.cli.queueing import add_queue_flags, queue
from workbench.cli.settings import add_extend_flags, add_train_flags, add_wait
from workbench.cli.showing import add_showcase_flags, show_to_audience
from workbench.cli.sizing import sizes
from workbench.cli.talking import add_compare_flags, chat, compare
from workbench.cli.tracking import add_track_flags, track
from workbench.cli.training import cancel, extend, pause, resume, runs, show, stop, train
from workbench.errors import WorkbenchError
from workbench.server.options import add_flags as add_serve_flags
from workbench.server.options import default_root, read_options, root_path


def main(argv: list[str]) -> int:
    """Run one command. Returns the exit code: 0 done, 1 the run failed, 2 what was asked cannot be."""
    try:
        arguments = _parser().parse_args(argv)
        return int(arguments.command(arguments))
    except WorkbenchError as error:
        print(error, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def serve(arguments: argparse.Namespace) -> int:
    """Serve the page, or show one run to an audience."""
    if arguments.showcase or arguments.lan:
        return show_to_audience(arguments)
    from workbench.server.app import serve as serve_page

    serve_page(read_options(arguments, arguments.root))
    return 0


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence, with a hint, instead of the whole usage."""

    def error(self, message: str) -> NoReturn:
        raise WorkbenchError(f"{message[:1].upper()}{message[1:]}.", f"See `{self.prog} --help`.")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m workbench", description="Tune language models on your own examples.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND", parser_class=_Parser)

    def add(command: Callable[[argparse.Namespace], int], *, json: bool = False, run: bool = False) -> _Parser:
        # The name of one command is a word of Python's own.
        name = command.__name__.removesuffix("_")
        added: _Parser = commands.add_parser(name, help=command.__doc__, description=command.__doc__)
        added.set_defaults(command=command)
        added.add_argument("--root", type=root_path, default=default_root(), help="folder for runs, data and models")
        if run:
            added.add_argument("run", help="id of the run")
        if json:
            added.add_argument("--json", action="store_true", help="print JSON")
        return added

    add_train_flags(add(train))
    add_plan_flags(add(plan, json=True))
    add_extend_flags(add(extend, run=True))
    add_wait(add(resume, run=True))
    add(pause, run=True)
    add(stop, run=True)
    add(cancel, run=True)
    add_finish_flags(add(finish, run=True))
    add_import_flags(add(import_, json=True))
    add_blend_flags(add(blend, json=True))
    add_export_flags(add(export, run=True))
    add_push_flags(add(push))
    add_queue_flags(add(queue, json=True))
    add(runs, json=True)
    add(show, run=True, json=True).add_argument("--follow", action="store_true", help="stay, with one live line")
    add_track_flags(add(track, run=True))
    add_inspect_flags(add(inspect, json=True))
    add_models_flags(add(models, json=True))
    add_fetch_flags(add(fetch))
    add(chat).add_argument("--run", required=True, help="id of the run")
    add_compare_flags(add(compare, json=True))
    add_check_flags(add(check, run=True, json=True))
    add(clean, json=True).add_argument("--yes", action="store_true", help="let it go")
    add(restore, run=True)
    add_doctor_flags(add(doctor, json=True))
    add(sizes, json=True)
    serving = add(serve)
    add_serve_flags(serving)
    add_showcase_flags(serving)
    return parser
