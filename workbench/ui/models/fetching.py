"""How far the latest download is, as the browser shows it."""

from pathlib import Path
from typing import Any

from workbench.models.hub import download
from workbench.models.hub.download import Progress
from workbench.ui import text_models as words
from workbench.ui.quantities import duration, file_size


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
        "figures": " · ".join(_figures(latest)),
        "brief": latest.id if percent is None else words.BRIEF.format(latest.id, percent),
    }


def _figures(latest: Progress) -> list[str]:
    if not latest.total_bytes:
        return []
    figures = [words.OF_ALL.format(_size(latest.done_bytes), _size(latest.total_bytes))]
    if latest.goes_on and latest.bytes_per_second:
        figures.append(words.A_SECOND.format(_size(latest.bytes_per_second)))
    if latest.goes_on and latest.seconds_left is not None:
        figures.append(words.LEFT.format(words.ABOUT.format(duration(latest.seconds_left))))
    return figures


def _size(amount_bytes: float) -> str:
    return file_size(amount_bytes / 1e6)
