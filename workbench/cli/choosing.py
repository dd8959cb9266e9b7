"""Which models there are: on this computer, suggested ones, and those brought from elsewhere."""

import argparse
from pathlib import Path
from typing import Any

from workbench.cli.output import print_json
from workbench.memory.fit import best, fit, free_gb
from workbench.models.catalog import add_folder, list_models
from workbench.models.copying import guide
from workbench.models.facts import ModelFacts, describe
from workbench.models.suggested import suggested

_COLUMNS = ("parameters", "context", "format", "chat", "size", "licence")
_WIDTHS = (10, 8, 6, 4, 9, 12)


def models(arguments: argparse.Namespace) -> int:
    """List the models on this computer, or those that are suggested; help to bring one from elsewhere."""
    if arguments.add:
        print(add_folder(arguments.root, arguments.add))
        return 0
    if arguments.copy:
        return _copy(arguments)
    return _suggested(arguments) if arguments.suggested else _here(arguments)


def _here(arguments: argparse.Namespace) -> int:
    found, free = list_models(arguments.root), free_gb()
    if arguments.json:
        return print_json([_as_json(model, free) for model in found])
    _print_head()
    for model in found:
        _print_row(model, _verdict(model, free))
    return 0


def _suggested(arguments: argparse.Namespace) -> int:
    entries, free = suggested(), free_gb()
    chosen = best((entry.facts() for entry in entries), free)
    if arguments.json:
        found = [entry.describe() | _fit_json(entry.facts(), free) for entry in entries]
        return print_json([entry | {"suggested": entry["id"] == chosen} for entry in found])
    _print_head()
    for entry in entries:
        mark = "suggested here; " if entry.id == chosen else ""
        _print_row(entry.facts(), f"{mark}{_verdict(entry.facts(), free)}")
        print(f"{'':4}{entry.purpose} {entry.languages}.")
    print("To download one: python -m workbench fetch ORG/NAME")
    return 0


def _copy(arguments: argparse.Namespace) -> int:
    known = guide(arguments.root, arguments.copy)
    if arguments.json:
        files = [vars(file) for file in known.files]
        return print_json({"name": known.name, "folder": str(known.folder), "files": files, "complete": known.complete})
    print(f"Copy its files to: {known.folder}")
    if known.cached:
        print(f"Or its whole folder of a Hugging Face cache to: {known.cached}")
    for file in known.files:
        state = "is there" if file.is_there else "if there is one" if file.is_optional else "missing"
        print(f"  {file.name:40} {state:16} {file.purpose}")
    print(known.sentence())
    return 0


def _print_head() -> None:
    cells = (f"{name:>{width}}" for name, width in zip(_COLUMNS, _WIDTHS, strict=True))
    print(f"{'model':38} {'  '.join(cells)}  here")


def _print_row(model: ModelFacts, verdict: str) -> None:
    known = (
        f"{model.parameters / 1e6:,.1f} M",
        f"{model.context:,}" if model.context else "–",
        model.dtype or "–",
        "yes" if model.template else "no",
        f"{model.size_gb:,.1f} GB" if model.size_gb >= 1 else f"{1000 * model.size_gb:,.0f} MB",
        model.licence or "unknown",
    )
    cells = (f"{cell:>{width}}" for cell, width in zip(known, _WIDTHS, strict=True))
    print(f"{model.name:38} {'  '.join(cells)}  {verdict}")


def _verdict(model: ModelFacts, free: float) -> str:
    return fit(model, free).verdict if model.tunable else f"cannot be tuned: {model.reason}"


def _as_json(model: ModelFacts, free: float) -> dict[str, Any]:
    return describe(model) | _fit_json(model, free)


def _fit_json(model: ModelFacts, free: float) -> dict[str, Any]:
    """What tuning it would take; nothing of one that cannot be tuned."""
    if not model.tunable:
        return {"fit": None}
    known = fit(model, free)
    return {"fit": known.verdict, "needed_gb": round(known.needed_gb, 2), "free_gb": round(known.free_gb, 2)}


def add_models_flags(parser: argparse.ArgumentParser) -> None:
    instead = parser.add_mutually_exclusive_group()
    instead.add_argument("--suggested", action="store_true", help="models to download, and the best fit here")
    instead.add_argument("--copy", metavar="NAME", help="what to copy where for a model from another computer")
    instead.add_argument("--add", metavar="DIR", type=Path, help="list a model folder that lies elsewhere, from now on")
