"""Some runs beside each other: their curves, and just the settings that differ."""

from typing import Any

from workbench.config.fields import leaves
from workbench.config.run_config import RunConfig
from workbench.errors import RunError
from workbench.ui import text_runs as text
from workbench.ui.runs.cards import card
from workbench.ui.runs.curve import Point
from workbench.ui.runs.shelf import Listed, Shelf

_NONE = {"words": "–", "auto": False}
"""In the place of a setting that the run's method does not have."""

MOST = 6
"""More curves than this cannot be told apart."""


def compare(shelf: Shelf, arg: Any) -> dict[str, Any]:
    """The runs with these ids, in their order; those that are not there any more are left out. Raises RunError."""
    if not isinstance(arg, list) or not 0 < len(arg) <= MOST or not all(isinstance(run_id, str) for run_id in arg):
        raise RunError(text.NO_QUESTION, text.RELOAD)
    return shelf.look(lambda runs: _beside([listed for run_id in arg for listed in runs if listed.run.id == run_id]))


def _beside(runs: list[Listed]) -> dict[str, Any]:
    return {"runs": [_with_curves(listed) for listed in runs], "settings": _differing(runs)}


def _with_curves(listed: Listed) -> dict[str, Any]:
    return card(listed) | {"curve": _columns(listed.curve.points), "checks": _columns(listed.curve.checks)}


def _columns(points: list[Point]) -> dict[str, list[float]]:
    return {"step": [step for step, _ in points], "loss": [float(f"{loss:.5g}") for _, loss in points]}


def _differing(runs: list[Listed]) -> list[dict[str, Any]]:
    """One row a setting whose value in use is not the same in all of them."""
    rows = []
    for leaf in leaves(RunConfig):
        values = [run.settings.get(leaf.path, _NONE) for run in runs]
        if len({value["words"] for value in values}) > 1:
            rows.append({"label": leaf.spec.label, "setting": leaf.path, "values": values})
    return rows
