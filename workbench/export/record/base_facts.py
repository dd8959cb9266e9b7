"""The model that a run was trained on, as its record tells it. No torch."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workbench.errors import WorkbenchError
from workbench.export.record.compute import flop
from workbench.export.record.names import hub_commit, hub_id, last_part
from workbench.jobs.files import read_json
from workbench.models.base_of import base_of
from workbench.models.facts import facts
from workbench.models.licence import read_licence
from workbench.runs.run_dir import RunDir

_TERMS = ("LICENSE*", "LICENCE*", "NOTICE*", "USE_POLICY*")


@dataclass(frozen=True)
class BaseFacts:
    """What is not known is empty or 0."""

    name: str
    hub_id: str
    hub_commit: str
    fingerprint: str
    architecture: str
    parameters: int
    licence: str
    """As its files name it."""
    terms: tuple[str, ...]
    """The names of files beside it that say what may be done with it."""
    training_flop: float | None
    """What its own training took, where its files tell."""


def gather_base(run: RunDir) -> BaseFacts:
    """From the model where it is here, and from what the run kept of it."""
    kept: dict[str, Any] = read_json(run.environment_path).get("model", {})
    folder = _folder(run)
    known = facts(folder) if folder else None
    asked = str(kept.get("name") or run.config().model.path)
    parameters = int(kept.get("parameters") or (known.parameters if known else 0))
    return BaseFacts(
        name=(folder and hub_id(folder)) or last_part(asked),
        hub_id=hub_id(folder) if folder else "",
        hub_commit=hub_commit(folder) if folder else "",
        fingerprint=str(kept.get("fingerprint", "")),
        architecture=known.architecture if known else "",
        parameters=parameters,
        licence=read_licence(folder) if folder else "",
        terms=tuple(path.name for path in terms_of(folder)) if folder else (),
        training_flop=_training_flop(folder, parameters) if folder else None,
    )


def terms_of(model: Path) -> list[Path]:
    """The files in a model's folder that say what may be done with it."""
    found = {path for pattern in _TERMS for path in model.glob(pattern) if path.is_file()}
    return sorted(found, key=lambda path: path.name)


def _folder(run: RunDir) -> Path | None:
    """None where the model has been deleted, or changed: what a run learned can be taken away without it."""
    try:
        return base_of(run)
    except WorkbenchError:
        return None


def _training_flop(folder: Path, parameters: int) -> float | None:
    """Models that were made here tell it."""
    tokens = read_json(folder / "training.json").get("tokens")
    return flop(parameters, tokens) if isinstance(tokens, int) and parameters else None
