"""What the Data tab shows at once: which sets there are, and of the chosen one its report or why there is none."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from workbench.config.data import DataSettings
from workbench.config.fields import leaves, value_at
from workbench.config.run_config import RunConfig
from workbench.data.preparing.steps import Waiting
from workbench.data.reading.encodings import candidates
from workbench.data.sets import sources, versions
from workbench.data.sets.weights import parse
from workbench.errors import SettingError, WorkbenchError
from workbench.ui.data.desk import Choice, Desk, Looked

_COLUMN = "_column"
_OF_FILE = tuple(
    f"data.{leaf.path}"
    for leaf in leaves(DataSettings)
    if leaf.path in ("encoding", "header", "sheet", "weights") or leaf.path.endswith(_COLUMN)
)
"""The settings that say how these files are read, and nothing about others."""
_TABLES = (".csv", ".tsv", ".xlsx")


def snapshot(desk: Desk, settings: Any) -> dict[str, Any]:
    """`state` is empty, waiting, refused or ready."""
    sets = {"sets": [_dataset(dataset, desk.root) for dataset in sources.list_datasets(desk.root)]}
    try:
        choice = desk.choose(settings)
    except WorkbenchError as error:
        return sets | _refused(error)
    if choice is None:
        return sets | {"state": "empty"}
    about = sets | _about(choice, desk.root)
    try:
        looked = desk.look(choice)
    except WorkbenchError as error:
        # Where a setting is wrong, which files are meant may not be known.
        offered = [] if isinstance(error, SettingError) else _encodings(desk, choice)
        return about | _refused(error) | {"encodings": offered}
    if isinstance(looked, Waiting):
        return about | {"state": "waiting", "waiting": asdict(looked)}
    return about | {"state": "ready", **_ready(looked, desk)}


def _dataset(dataset: sources.Dataset, root: Path) -> dict[str, Any]:
    return {"name": dataset.name, "sample": dataset.is_sample, "versions": list(dataset.versions)}


def _about(choice: Choice, root: Path) -> dict[str, Any]:
    config, found = choice.config, choice.found
    return {
        "set": found.name,
        "version": found.version,
        "reference": found.reference,
        "model": choice.model,
        "asked_model": config.model.path,
        "is_table": any(path.suffix.lower() in _TABLES for path in found.files),
        "settings": {path: value_at(config, path) for path in (*_OF_FILE, "data.template")},
        "of_file": _OF_FILE,
        "choices": {f"data.{leaf.path}": list(leaf.spec.choices) for leaf in leaves(DataSettings) if leaf.spec.choices},
        "versions": [_version(version) for version in versions.versions(root, found.name)] if found.version else [],
    }


def _version(version: versions.Version) -> dict[str, Any]:
    return {
        "number": version.number,
        "how": version.made.how,
        "source": version.made.source,
        "at": version.made_at.isoformat(),
        "files": [path.name for path in version.files],
    }


def _refused(error: WorkbenchError) -> dict[str, Any]:
    setting = error.setting if isinstance(error, SettingError) else ""
    return {"state": "refused", "problem": {"message": error.message, "hint": error.hint, "setting": setting}}


def _encodings(desk: Desk, choice: Choice) -> list[dict[str, str]]:
    """How the text reads in the encodings it may be stored in; nothing where that is not what is wrong."""
    if choice.config.data.encoding != DataSettings().encoding:
        return []
    offered = [
        candidates(part.path) for part in desk.parts(choice) if part.path.suffix.lower() not in (".zip", ".xlsx")
    ]
    return [asdict(candidate) for candidate in next(filter(None, offered), [])]


def _ready(looked: Looked, desk: Desk) -> dict[str, Any]:
    report = looked.report
    figures = report.to_json()
    del figures["problems"], figures["warnings"]
    return {
        "report": figures,
        "histogram": asdict(report.histogram),
        "warnings": [asdict(warning) for warning in report.warnings],
        "files": [_file(file) for file in looked.files],
        "weights": _weights(looked, desk),
        "rows": len(looked.subject),
    }


def _file(file: dict[str, Any]) -> dict[str, Any]:
    names = ("name", "format", "mapping", "columns", "unsure", "sheets", "accepted", "rejected", "excluded", "held_out")
    return {name: file[name] for name in names}


def _weights(looked: Looked, desk: Desk) -> list[dict[str, Any]]:
    """The files of the set and the sets that are mixed in, each with its weight."""
    named = parse(looked.choice.config.data.weights)
    own = looked.choice.found.reference
    return [
        {
            "name": part.name if part.reference == own else part.reference.partition("@")[0],
            "weight": part.weight,
            "mixed_in": part.reference != own,
            "named": part.name in named,
        }
        for part in desk.parts(looked.choice)
    ]


def file_defaults() -> dict[str, Any]:
    """How files are read as long as nobody says otherwise."""
    return {path: value_at(RunConfig(), path) for path in _OF_FILE}
