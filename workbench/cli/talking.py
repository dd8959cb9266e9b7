"""Talking to what runs made."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.cli.output import print_json
from workbench.errors import WorkbenchError
from workbench.jobs.files import write_atomic
from workbench.runs.run_dir import RunDir

if TYPE_CHECKING:
    from workbench.chat.conversation import Conversation


def chat(arguments: argparse.Namespace) -> int:
    """Talk to a run's result in the terminal."""
    from workbench.chat import terminal

    for text in terminal.talk(RunDir.open(arguments.root, arguments.run)):
        print(text, end="", flush=True)
    return 0


def compare(arguments: argparse.Namespace) -> int:
    """Questions, answered by the original and by what one or several runs made of it."""
    from workbench.chat import terminal

    root, prompts = arguments.root, _read_prompts(arguments)
    talk = terminal.beside_original(root, arguments.run, arguments.strength)
    base = RunDir.open(root, talk.lead).config().model.path
    for compared in terminal.compare(root, talk, prompts):
        talk = compared
        if not arguments.json:
            _print_last(talk, base, is_one=len(prompts) == 1)
    if arguments.json:
        told = [_describe(talk, place, base) for place in range(len(prompts))]
        print_json(told[0] if len(told) == 1 else told)
    if arguments.html:
        _write_page(root, talk, arguments.html)
    return 0


def add_compare_flags(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--run", action="append", required=True, help="id of a run; give it again for others beside it")
    parser.add_argument(
        "--strength",
        action="append",
        type=float,
        default=[],
        help="how strongly it answers: 0 is the original, 1 as trained; one for all runs, or one for each",
    )
    parser.add_argument("--prompt", action="append", default=[], help="what to ask all of them; can be given again")
    parser.add_argument("--prompts", type=Path, help="a text file with a question on each line")
    parser.add_argument("--html", type=Path, metavar="OUT", help="also write a web page, to show to others")


def _read_prompts(arguments: argparse.Namespace) -> list[str]:
    """The questions of the flags, and of the file. Raises WorkbenchError if there is none."""
    prompts: list[str] = list(arguments.prompt)
    if path := arguments.prompts:
        try:
            lines = path.read_text(encoding="utf-8-sig").split("\n")
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", "") or "it is no UTF-8 text"
            raise WorkbenchError(f"“{path}” cannot be read: {reason}.", "Name a text file.") from error
        prompts += [line.strip() for line in lines if line.strip()]
    if not any(prompts):
        raise WorkbenchError("There is nothing to ask.", "Give --prompt, or --prompts with a file.")
    return prompts


def _describe(talk: "Conversation", place: int, base: str) -> dict[str, Any]:
    """One question as others may rely on it."""
    exchange = talk.exchanges[place]
    answers = [
        {"model": answerer.run_id or base, "text": exchange.answers[name].text, "strength": answerer.strength}
        for name, answerer in talk.answerers.items()
    ]
    return {"prompt": exchange.prompt, "answers": answers}


def _print_last(talk: "Conversation", base: str, *, is_one: bool) -> None:
    told = _describe(talk, -1, base)
    if not is_one:
        print(f"> {told['prompt']}")
    for answer in told["answers"]:
        strength = "" if answer["strength"] == 1 else f" at {100 * answer['strength']:.0f} %"
        print(f"{answer['model']}{strength}: {answer['text']}", flush=True)


def _write_page(root: Path, talk: "Conversation", path: Path) -> None:
    """Raises WorkbenchError for a place that cannot be written to."""
    from workbench.chat.keeping.kept import describe
    from workbench.chat.keeping.sheet import lay_out
    from workbench.chat.keeping.web_page import write_html

    try:
        write_atomic(path, write_html(lay_out(describe(root, talk))))
    except OSError as error:
        raise WorkbenchError(f"“{path}” cannot be written: {error.strerror}.", "Choose another place.") from error
