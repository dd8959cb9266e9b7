"""Showing a run to an audience, from the terminal."""

import argparse
import time
import webbrowser

from workbench.chat.showing import Invitation, Showcase, Wish
from workbench.errors import WorkbenchError
from workbench.jobs.process import ProcessId
from workbench.server.announce import has_desktop
from workbench.server.options import check_port, is_loopback


def add_showcase_flags(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("showcase", "a read-only page for an audience, on a port of its own")
    group.add_argument("--showcase", metavar="RUN", help="show this run, and nothing else")
    group.add_argument("--lan", action="store_true", help="let other devices of this network in, with a code")
    group.add_argument("--title", default="", help="what stands at the top (default: the run's name)")
    group.add_argument("--prompt", action="append", default=[], metavar="TEXT", help="an example of what to ask")


def show_to_audience(arguments: argparse.Namespace) -> int:
    """Show a run until Ctrl-C."""
    from workbench.server.showcase.worker import show as show_here

    if not is_loopback(arguments.host):
        raise WorkbenchError("A showcase is not opened with --host.", "Use --lan: it asks visitors for a code.")
    if not arguments.showcase:
        raise WorkbenchError("--lan opens a showcase, never the workbench itself.", "Add --showcase RUN.")
    names = tuple(arguments.allow_host)
    prompts = tuple(arguments.prompt)
    check_port(arguments.port or 0)
    wish = Wish(arguments.showcase, arguments.title, prompts, arguments.lan, arguments.port or 0, names)
    job = Showcase.create(arguments.root, wish)
    me = ProcessId.current()
    job.write_process(time.monotonic(), supervisor=me, worker=me)

    def tell(invitation: Invitation) -> None:
        print(describe(invitation, lan=arguments.lan), flush=True)
        if has_desktop() and not arguments.no_browser:
            webbrowser.open(invitation.link)

    show_here(job, tell)
    print("The showcase is closed.")
    return 0


def describe(invitation: Invitation, *, lan: bool) -> str:
    """How to come in, for the terminal."""
    lines = [
        f"Ready: {invitation.link}",
        f"Without the link: http://{invitation.address} and the code {invitation.code}",
        f"For you alone, in large type and with votes: {invitation.room}",
    ]
    if lan:
        lines.append("Whoever is in this network and has the code can ask, and what they send is not encrypted.")
    return "\n".join([*lines, "Ctrl-C closes the showcase."])
