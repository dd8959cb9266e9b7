"""How the page is started: its flags, the same for `app.py` and `python -m workbench serve`."""

import argparse
import ipaddress
import os
from dataclasses import dataclass
from pathlib import Path

from workbench.chat.client import IDLE_SECONDS
from workbench.errors import WorkbenchError

DEFAULT_HOST = "127.0.0.1"
DEFAULT_PORT = 7860
MOST_IDLE_MINUTES = 7 * 24 * 60
DEFAULT_IDLE_MINUTES = IDLE_SECONDS / 60
PROJECT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class ServeOptions:
    """`allow_host` holds the names, besides those of this computer itself, by which the page may be called.

    `models` are folders that lie elsewhere and are listed too. `chat_idle_minutes` is how long a model that nobody asks
    stays in memory; with 0 it stays until the page is closed.
    """

    root: Path
    host: str = DEFAULT_HOST
    port: int = DEFAULT_PORT
    allow_host: tuple[str, ...] = ()
    open_browser: bool = True
    models: tuple[Path, ...] = ()
    chat_idle_minutes: float = DEFAULT_IDLE_MINUTES
    measure: bool = True
    """Whether it is found out, in the background, how fast this computer is."""


def default_root() -> Path:
    return root_path(os.environ.get("WORKBENCH_ROOT") or str(PROJECT / "workspace"))


def root_path(text: str) -> Path:
    """A root as it was typed, made independent of the folder it was typed in."""
    return Path(text).expanduser().resolve()


def add_flags(parser: argparse.ArgumentParser) -> None:
    """Everything but --root, which every command has."""
    parser.add_argument("--port", type=int, help=f"port of the page (default: {DEFAULT_PORT})")
    parser.add_argument("--host", default=DEFAULT_HOST, help=f"address to listen on (default: {DEFAULT_HOST})")
    parser.add_argument(
        "--allow-host", action="append", default=[], metavar="NAME", help="another name by which the page may be called"
    )
    parser.add_argument(
        "--add-model", action="append", default=[], metavar="DIR", type=Path, help="list this model folder too"
    )
    parser.add_argument(
        "--chat-idle-minutes",
        type=float,
        default=DEFAULT_IDLE_MINUTES,
        metavar="N",
        help="let go of a model that nobody has asked for so long; 0 keeps it until the page is closed "
        f"(default: {DEFAULT_IDLE_MINUTES:g})",
    )
    parser.add_argument("--no-measuring", action="store_true", help="do not find out how fast this computer trains")
    parser.add_argument("--no-browser", action="store_true", help="do not open the page in a browser")


def read_options(flags: argparse.Namespace, root: Path) -> ServeOptions:
    hosts, models = tuple(flags.allow_host), tuple(flags.add_model)
    return ServeOptions(
        root,
        flags.host,
        DEFAULT_PORT if flags.port is None else flags.port,
        hosts,
        open_browser=not flags.no_browser,
        models=models,
        chat_idle_minutes=flags.chat_idle_minutes,
        measure=not flags.no_measuring,
    )


def check_options(options: ServeOptions) -> None:
    check_port(options.port)
    for name in options.allow_host:
        if not name or set(name) & set(":/ "):
            raise WorkbenchError(f"--allow-host {name!r} is not a host name.", "Give the name alone, such as lab-pc.")
    # Also of what is no number at all.
    if not 0 <= options.chat_idle_minutes <= MOST_IDLE_MINUTES:
        raise WorkbenchError(
            f"A model cannot stay in memory for {options.chat_idle_minutes} minutes.",
            f"Use a number from 0, which keeps it, to {MOST_IDLE_MINUTES}.",
        )
    if not is_loopback(options.host) and not options.allow_host:
        raise WorkbenchError(
            f"--host {options.host} would open the page to the network.",
            "Say by which name it may be called, such as --allow-host lab-pc, or leave --host out and use a tunnel.",
        )


def check_port(port: int) -> None:
    if not 0 <= port <= 65535:
        raise WorkbenchError(f"There is no port {port}.", "Use a number between 1024 and 65535.")


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
