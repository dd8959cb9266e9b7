"""Models to download, as the browser lists them: those that are suggested, and any other of the hub."""

from pathlib import Path
from typing import Any

from workbench.memory.fit import best, fit, free_gb
from workbench.models.hub.offer import ask
from workbench.models.hub.request import ModelRequest
from workbench.models.suggested import Suggested, suggested
from workbench.ui.choices import find_model
from workbench.ui.models.facts_line import tell_fit, tell_size
from workbench.ui.quantities import file_size


def list_offers(root: Path) -> list[dict[str, Any]]:
    """The suggestions, with the one marked that suits this machine best."""
    free, entries = free_gb(), suggested()
    marked = best((entry.facts() for entry in entries), free)
    return [_row(entry, free) | {"suggested": entry.id == marked, "here": _here(root, entry.id)} for entry in entries]


def weigh(root: Path, request: ModelRequest) -> dict[str, Any]:
    """How much would be fetched, and what it is. Asks the hub. Raises ModelError for what cannot be had."""
    offer = ask(request)
    return {
        "id": request.id,
        "revision": request.revision,
        "words": offer.sentence(),
        "about": " · ".join(tell_size(offer.facts())),
        "fit": tell_fit(fit(offer.facts(), free_gb())),
        "missing": file_size(offer.missing_bytes / 1e6),
        "here": _here(root, request.name) if offer.is_here else "",
    }


def _row(entry: Suggested, free: float) -> dict[str, Any]:
    return {
        "id": entry.id,
        "revision": entry.revision,
        "name": entry.id.partition("/")[2],
        "purpose": entry.purpose,
        "languages": entry.languages,
        "licence": entry.licence,
        "size": file_size(entry.download_bytes / 1e6),
        "fit": tell_fit(fit(entry.facts(), free)),
    }


def _here(root: Path, name: str) -> str:
    """What the menu calls it, if it can be chosen already."""
    model = find_model(root, name)
    return name if model and model.tunable else ""
