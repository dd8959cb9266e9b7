"""Taking in an adapter: it becomes a run that has finished, so that it can be chosen wherever an adapter can be."""

import os
import shutil
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psutil

from workbench.config.names import slug
from workbench.data.preparing.results import sha256_of
from workbench.errors import AdapterError
from workbench.hardware.devices import machine
from workbench.jobs.files import write_json
from workbench.jobs.folder import Status
from workbench.models import catalog, layouts
from workbench.models.facts import ModelFacts, facts
from workbench.models.fingerprint import fingerprint, fingerprints
from workbench.models.precision import choose_precision
from workbench.runs import environment
from workbench.runs.root import prepare
from workbench.runs.run_dir import Resolved, RunDir, next_name
from workbench.training.checkpoints import publish
from workbench.training.importing.checking import Checked, check
from workbench.training.importing.description import read_description
from workbench.training.importing.files import BESIDE, CONFIG, WEIGHTS, AdapterFiles, find_files

_STAGING = ".import-"
_SOURCE, _MADE_FOR = "Imported from {}.", "It says that it was made for {}."


def import_adapter(given: Sequence[Path], model: str, root: Path, name: str = "") -> RunDir:
    """Take in the adapter in these files, a folder or a zip file, as one of `model`; all of it is checked before.

    Raises AdapterError, DataError or ModelError, and leaves nothing, where it cannot be.
    """
    folder = catalog.find(model, root)
    cache = prepare(root) / "cache"
    cache.mkdir(exist_ok=True)
    _sweep(cache)
    lasting = model if model in catalog.names(root) else str(folder)
    with tempfile.TemporaryDirectory(prefix=f"{_STAGING}{os.getpid()}-", dir=cache) as staging:
        files = find_files(given, Path(staging))
        # What can be refused without a look at the model is.
        said = read_description(files.config)
        known = _tunable(folder, lasting)
        checked = check(files, said, layouts.learn(known, root))
        run = _create(root, name or _free_name(root, Path(files.source).stem), checked, known, lasting)
        try:
            keep_adapter(run, files, checked, known)
            _tell_origin(run, files, checked, known)
        except OSError as error:
            shutil.rmtree(run.path)
            raise AdapterError(f"The adapter could not be kept: {error.strerror}.", "Make room first.") from error
    return run


def keep_adapter(run: RunDir, files: AdapterFiles, checked: Checked, model: ModelFacts) -> None:
    """Give a run that nobody trained what a trained one has: its adapter, and the model that it belongs to."""
    data = run.asked().data
    beside = {"template": data.template, "system_prompt": data.system_prompt}

    def write(folder: Path) -> None:
        shutil.copyfile(files.weights, folder / WEIGHTS)
        (folder / CONFIG).write_text(checked.peft_config, encoding="utf-8")
        write_json(folder / BESIDE, beside)

    publish(run.adapter_dir, write)
    write_json(run.environment_path, environment.describe() | {"model": _describe(model)})


def suitable_precision(model: ModelFacts) -> dict[str, Resolved]:
    """What a run that nobody trained is used with."""
    precision = choose_precision("auto", machine().gpu, machine().cpu_flags, model.parameters)
    return {"model.precision": Resolved(*precision)}


def _sweep(cache: Path) -> None:
    """Remove what imports left behind whose process was killed."""
    for leftover in cache.glob(f"{_STAGING}*-*"):
        pid = leftover.name.removeprefix(_STAGING).partition("-")[0]
        if pid.isdigit() and not psutil.pid_exists(int(pid)):
            shutil.rmtree(leftover)


def _tunable(folder: Path, lasting: str) -> ModelFacts:
    known = facts(folder, folder.name if Path(lasting).is_absolute() else lasting)
    if not known.tunable:
        raise AdapterError(f"{known.name} cannot be tuned: {known.reason}", "Choose the model that it was made for.")
    return known


def _create(root: Path, name: str, checked: Checked, model: ModelFacts, lasting: str) -> RunDir:
    return RunDir.create(root, name, checked.config.changed("model.path", lasting), suitable_precision(model))


def _free_name(root: Path, stem: str) -> str:
    """Two adapters may come in files of one name, and must be told apart."""
    return next_name(root, stem) if (root / "runs" / slug(stem)).exists() else stem


def _tell_origin(run: RunDir, files: AdapterFiles, checked: Checked, model: ModelFacts) -> None:
    """What the run says of itself comes last: with that it is complete."""
    origin = {
        "source": files.source,
        "sha256": {file.name: sha256_of(file) for file in (files.config, files.weights)},
        "made_for": checked.made_for,
        "at": time.time(),
    }
    write_json(run.imported_path, origin)
    said = f" {_MADE_FOR.format(checked.made_for)}" if checked.made_for not in ("", model.name) else ""
    run.write_status(Status("finished", message=_SOURCE.format(files.source) + said))


def _describe(model: ModelFacts) -> dict[str, Any]:
    """The model that it belongs to from now on, as a run that was trained on it would say."""
    return {
        "name": model.name,
        "parameters": model.parameters,
        "fingerprint": fingerprint(model.path),
        "files": fingerprints(model.path),
    }
