"""Fetching by name: of the commands that bring something, the only one that uses the network."""

import argparse
import sys

from workbench.cli.following import follow_bytes
from workbench.errors import DataError, ModelError, WorkbenchError


def fetch(arguments: argparse.Namespace) -> int:
    """Fetch a model of the hub, or a dataset as a set of yours."""
    return _fetch_data(arguments) if arguments.kind == "data" else _fetch_model(arguments)


def _fetch_data(arguments: argparse.Namespace) -> int:
    from workbench.data.sets import hub

    if arguments.size:
        raise WorkbenchError("The size of a dataset is known once it comes.", "Leave --size out.")
    request = hub.HubRequest(arguments.id, arguments.config, arguments.split, arguments.revision)
    job = hub.start(arguments.root, request, arguments.name)
    status = follow_bytes(job)
    if status.phase != "finished":
        raise DataError(status.message, status.hint)
    print(status.message, file=sys.stderr)
    print(job.reference)
    return 0


def _fetch_model(arguments: argparse.Namespace) -> int:
    from workbench.models.hub import download, offer
    from workbench.models.hub.request import ModelRequest

    _refuse_data_flags(arguments)
    request = ModelRequest(arguments.id, arguments.revision)
    print(offer.ask(request).sentence(), file=sys.stderr)
    if arguments.size:
        return 0
    job = download.start(arguments.root, request)
    status = follow_bytes(job)
    if status.phase != "finished":
        raise ModelError(status.message, status.hint)
    print(status.message, file=sys.stderr)
    print(request.name)
    return 0


def _refuse_data_flags(arguments: argparse.Namespace) -> None:
    given = next((flag for flag in ("config", "split", "name") if getattr(arguments, flag)), "")
    if given:
        raise WorkbenchError(f"A model has no --{given}.", f"For a dataset: fetch data {arguments.id} --{given} …")


def add_fetch_flags(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "kind", choices=("model", "data"), nargs="?", default="model", help="what it is (default: model)"
    )
    parser.add_argument("id", help="its name on the hub, such as org/name")
    parser.add_argument("--revision", default="", help="a branch, tag or commit (default: main)")
    model = parser.add_argument_group(
        "models",
        "A model comes into the Hugging Face cache (HF_HUB_CACHE), checked against the hub's hashes. What "
        "broke off goes on from where it was. HF_TOKEN, HF_ENDPOINT and proxies in the environment are honoured.",
    )
    model.add_argument("--size", action="store_true", help="say how much would come, and fetch nothing")
    data = parser.add_argument_group("datasets")
    data.add_argument("--config", default="", help="which configuration of it, if there are several")
    data.add_argument("--split", default="", help="which split of it (default: train)")
    data.add_argument("--name", default="", help="what to call the set (default: as on the hub)")
