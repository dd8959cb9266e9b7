"""How far the latest download is, as the browser shows it."""

from pathlib import Path
from typing import Any

from workbench.models.hub import download
from workbench.models.hub.download import Progress
from workbench.ui import text_models as words
from workbench.ui.quantities import transfer


def tell_latest(root: Path) -> dict[str, Any]:
    """Empty if nothing was ever downloaded."""
    latest = download.look(root)
    return _tell(latest) if latest else {}


def _tell(latest: Progress) -> dict[str, Any]:
    percent = 100 * latest.done_bytes // latest.total_bytes if latest.total_bytes else None
    return {
        "id": latest.id,
        "revision": latest.revision,
        "phase": latest.phase,
        "goes_on": latest.goes_on,
        "name": latest.name,
        "message": " ".join(filter(None, (latest.message, latest.hint))),
        "percent": percent,
        "figures": transfer(latest.done_bytes, latest.total_bytes, latest.bytes_per_second if latest.goes_on else 0.0),
        "brief": latest.id if percent is None else words.BRIEF.format(latest.id, percent),
    }
