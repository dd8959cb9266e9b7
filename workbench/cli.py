"""The command line: parse, call, print. `python -m workbench --help`."""

import argparse
import json
import os
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, NoReturn

from workbench.config import presets, yaml_io
from workbench.config.build import build
from workbench.config.fields import Leaf, leaves
from workbench.config.run_config import RunConfig
from workbench.errors import WorkbenchError
from workbench.jobs.folder import Status
from workbench.runs.listing import list_runs, summarise
from workbench.runs.metrics import last_row
from workbench.runs.run_dir import RunDir, next_name
from workbench.server.options import add_flags as add_serve_flags
from workbench.server.options import default_root, read_options, root_path
from workbench.training import launch, plan
from workbench.training.checks import find_problems

_COLUMNS = "{:24} {:12} {:>11} {:>8}  {:12} {}"


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


def train(arguments: argparse.Namespace) -> int:
    """Start a run in the background; with --wait, stay until it ends."""
    planned = plan.make(_config(arguments), arguments.root)
    for problem in find_problems(planned):
        print(f"{problem.level}: {problem.sentence}", file=sys.stderr)
    run = launch.start(planned, arguments.name or next_name(arguments.root, Path(planned.asked.data.path).stem))
    if arguments.wait:
        return _wait(run)
    print(run.path)
    return 0


def resume(arguments: argparse.Namespace) -> int:
    """Go on from a run's last checkpoint."""
    run = RunDir.open(arguments.root, arguments.run)
    launch.resume(run)
    if arguments.wait:
        return _wait(run)
    print(run.path)
    return 0


def stop(arguments: argparse.Namespace) -> int:
    """Ask a run to save and end, and wait until it has."""
    run = RunDir.open(arguments.root, arguments.run)
    launch.stop(run)
    print(f"{run.name}: {run.wait().phase}")
    return 0


def runs(arguments: argparse.Namespace) -> int:
    """List all runs, newest first."""
    found = list_runs(arguments.root)
    if arguments.json:
        return _print_json([run.to_json() for run in found])
    if not found:
        print("No runs yet. `python -m workbench train --preset quick --wait` starts one.")
        return 0
    print(_COLUMNS.format("RUN", "PHASE", "UPDATES", "LOSS", "MODEL", "DATA"))
    for run in found:
        loss = "" if run.loss is None else f"{run.loss:.3f}"
        print(_COLUMNS.format(run.id, run.phase, f"{run.step}/{run.steps}", loss, run.model, run.data))
    return 0


def show(arguments: argparse.Namespace) -> int:
    """Everything about one run."""
    from workbench.monitoring import findings, result
    from workbench.monitoring.course import Course

    run = RunDir.open(arguments.root, arguments.run)
    if arguments.follow:
        return _wait(run)
    course = Course(run).poll()
    outcome = result.conclude(run, course)
    details = summarise(run).to_json() | {
        "config": run.config().model_dump(),
        "findings": [finding.sentence for finding in findings.find(course)],
        "best": asdict(outcome) if outcome else None,
    }
    if arguments.json:
        return _print_json(details)
    print(yaml_io.dump(run.config()))
    for name in ("phase", "step", "steps", "loss", "message"):
        print(f"{name}: {details[name]}")
    for finding in details["findings"]:
        print(f"- {finding}")
    return 0


def inspect(arguments: argparse.Namespace) -> int:
    """What the workbench makes of a model or a data file."""
    found = _inspect_model(arguments) if arguments.kind == "model" else _inspect_data(arguments)
    if arguments.json:
        return _print_json(found)
    for name, value in found.items():
        print(f"{name}: {value}")
    return 0


def models(arguments: argparse.Namespace) -> int:
    """List the models on this computer."""
    from workbench.models.catalog import list_models
    from workbench.models.facts import describe

    found = list_models(arguments.root)
    if arguments.json:
        return _print_json([describe(model) for model in found])
    for model in found:
        verdict = "can be tuned" if model.tunable else f"cannot be tuned: {model.reason}"
        print(f"{model.name:32} {model.parameters / 1e6:9,.1f} M  {verdict}")
    return 0


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
        return _print_json({"prompt": arguments.prompt, "answers": answers})
    for answer in answers:
        print(f"{answer['model']}: {answer['text']}")
    return 0


def serve(arguments: argparse.Namespace) -> int:
    """Serve the page."""
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
        added: _Parser = commands.add_parser(command.__name__, help=command.__doc__, description=command.__doc__)
        added.set_defaults(command=command)
        added.add_argument("--root", type=root_path, default=default_root(), help="folder for runs, data and models")
        if run:
            added.add_argument("run", help="id of the run")
        if json:
            added.add_argument("--json", action="store_true", help="print JSON")
        return added

    _add_train_flags(add(train))
    _add_wait(add(resume, run=True))
    add(stop, run=True)
    add(runs, json=True)
    add(show, run=True, json=True).add_argument("--follow", action="store_true", help="stay, with one live line")
    _add_inspect_flags(add(inspect, json=True))
    add(models, json=True)
    add(chat).add_argument("--run", required=True, help="id of the run")
    _add_compare_flags(add(compare, json=True))
    add_serve_flags(add(serve))
    return parser


def _add_train_flags(parser: argparse.ArgumentParser) -> None:
    start = parser.add_mutually_exclusive_group()
    start.add_argument("--preset", help=f"start from a preset: {', '.join(presets.names())}")
    start.add_argument("--config", type=Path, help="start from a YAML file, such as a run's config.yaml")
    parser.add_argument("--name", help="what to call the run")
    _add_wait(parser)
    for leaf in leaves(RunConfig):
        parser.add_argument(f"--{leaf.path}", metavar="VALUE", help=_help(leaf))


def _help(leaf: Leaf) -> str:
    choices = f" One of {', '.join(leaf.spec.choices)}." if leaf.spec.choices else ""
    return f"{leaf.spec.label}. {leaf.spec.help}{choices} (default: {leaf.default})".replace("%", "%%")


def _add_wait(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--wait", action="store_true", help="stay until the run has ended")


def _add_inspect_flags(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("kind", choices=("model", "data"))
    parser.add_argument("path", help="a name from the list, a folder or a file")
    parser.add_argument("--model", default="starter", help="whose tokens to count in a data file (default: starter)")
    parser.add_argument("--max-length", type=int, default=512, help="longest example in tokens (default: 512)")


def _add_compare_flags(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--run", required=True, help="id of the run")
    parser.add_argument("--prompt", required=True, help="what to ask both")


def _config(arguments: argparse.Namespace) -> RunConfig:
    """Preset or file first, then the flags on top."""
    base = RunConfig()
    if arguments.preset:
        base = presets.load(arguments.preset)
    if arguments.config:
        base = yaml_io.load(arguments.config)
    given = {leaf.path: getattr(arguments, leaf.path) for leaf in leaves(RunConfig)}
    return build({path: value for path, value in given.items() if value is not None}, base)


def _wait(run: RunDir) -> int:
    """Stay until the run ends; the folder is the last line."""
    status = _follow(run)
    if status.phase not in ("finished", "stopped"):
        print(f"{run.name} {status.phase}: {status.message} {status.hint}".rstrip(), file=sys.stderr)
    print(run.path)
    return 0 if status.phase in ("finished", "stopped") else 1


def _follow(run: RunDir) -> Status:
    """One live line on a terminal, nothing elsewhere."""
    if not sys.stderr.isatty():
        return run.wait()

    def draw(status: Status) -> None:
        loss = last_row(run.metrics_path).get("loss")
        shown = "" if loss is None else f" · loss {loss:.3f}"
        print(f"\r\x1b[K{run.name}: {status.phase} {status.step}/{status.steps}{shown}", end="", file=sys.stderr)

    status = run.wait(draw)
    print(file=sys.stderr)
    return status


def _inspect_model(arguments: argparse.Namespace) -> dict[str, Any]:
    from workbench.models import catalog
    from workbench.models.facts import describe, facts

    return describe(facts(catalog.find(arguments.path, arguments.root)))


def _inspect_data(arguments: argparse.Namespace) -> dict[str, Any]:
    from workbench.data import report
    from workbench.data.sets import sources
    from workbench.models import catalog
    from workbench.models.load import load_tokenizer

    path = sources.find(arguments.path, arguments.root)
    tokenizer = load_tokenizer(catalog.find(arguments.model, arguments.root))
    return report.inspect(path, tokenizer, arguments.max_length)


def _print_json(value: Any) -> int:
    print(json.dumps(value, ensure_ascii=False, indent=1))
    return 0
