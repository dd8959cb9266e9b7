"""What has to be copied here for a model to be chosen, as the browser shows it."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from workbench.models.copying import guide


def tell_guide(root: Path, typed: str) -> dict[str, Any]:
    """The folder, the files, and how far it is. Raises ModelError for what can be no name of a model."""
    found = guide(root, typed)
    return {
        "name": found.name,
        "folder": str(found.folder),
        "cached": str(found.cached or ""),
        "files": [asdict(file) for file in found.files],
        "words": found.sentence(),
        "complete": found.complete,
    }
