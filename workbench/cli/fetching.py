"""Fetching by name, the only command that uses the network."""

import argparse
import sys

from workbench.errors import DataError
from workbench.jobs.folder import JobFolder, Status


def fetch(arguments: argparse.Namespace) -> int:
    """Fetch a dataset of the hub as a set of yours."""
    from workbench.data.sets import hub

    request = hub.HubRequest(arguments.id, arguments.config, arguments.split, arguments.revision)
    job = hub.start(arguments.root, request, arguments.name)
    try:
        status = _follow(job)
    except KeyboardInterrupt:
        job.request_stop()
        job.wait()
        raise
    if status.phase != "finished":
        raise DataError(status.message, status.hint)
    print(status.message, file=sys.stderr)
    print(job.reference)
    return 0


def _follow(job: JobFolder) -> Status:
    """One live line on a terminal, nothing elsewhere."""
    if not sys.stderr.isatty():
        return job.wait()

    def draw(status: Status) -> None:
        size = f" {status.step / 1e6:,.1f} of {status.steps / 1e6:,.1f} MB" if status.steps else ""
        print(f"\r\x1b[K{status.message}{size}\r", end="", file=sys.stderr, flush=True)

    return job.wait(draw)


def add_fetch_flags(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("kind", choices=("data",))
    parser.add_argument("id", help="its name on the hub, such as org/name")
    parser.add_argument("--config", default="", help="which configuration of it, if there are several")
    parser.add_argument("--split", default="", help="which split of it (default: train)")
    parser.add_argument("--revision", default="", help="a branch, tag or commit (default: main)")
    parser.add_argument("--name", default="", help="what to call the set (default: as on the hub)")
