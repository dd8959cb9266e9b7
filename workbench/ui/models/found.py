"""The models on this machine, as the browser lists them."""

from pathlib import Path
from typing import Any

from workbench.memory.fit import fit, free_gb
from workbench.models.catalog import list_models
from workbench.models.facts import ModelFacts
from workbench.ui import text_models as words
from workbench.ui.models.facts_line import tell_fit
from workbench.ui.quantities import file_size, short_count


def find_models(root: Path) -> list[dict[str, Any]]:
    """Those that can be tuned first."""
    free = free_gb()
    rows = [_row(model, free) for model in list_models(root)]
    return sorted(rows, key=lambda row: bool(row["reason"]))


def _row(model: ModelFacts, free: float) -> dict[str, Any]:
    if not model.tunable:
        return {"name": model.name, "reason": model.reason, "about": model.architecture}
    return {
        "name": model.name,
        "reason": "",
        "about": " · ".join((model.architecture, words.CHAT if model.template else words.NO_CHAT)),
        "parameters": short_count(model.parameters),
        "size": file_size(1000 * model.size_gb),
        "context": words.TOKENS.format(model.context) if model.context else words.ANY_LENGTH,
        "licence": model.licence or words.UNKNOWN,
        "dtype": model.dtype,
        "fit": tell_fit(fit(model, free)),
    }
