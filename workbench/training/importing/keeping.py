"""Taking in an adapter: it becomes a run that has finished, so that it can be chosen wherever an adapter can be."""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
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
    folder, lasting = find_model(model, root)
    with staged(root) as staging:
        files = find_files(given, staging)
        # What can be refused without a look at the model is.
        said = read_description(files.config)
        known = tunable(folder, lasting)
        checked = check(files, said, layouts.learn(known, root))
        run = _create(root, name or free_name(root, Path(files.source).stem), checked, known, lasting)
        try:
            keep_adapter(run, files, checked, known)
            _tell_origin(run, files, checked, known)
        except OSError as error:
            shutil.rmtree(run.path)
            raise AdapterError(f"The adapter could not be kept: {error.strerror}.", "Make room first.") from error
    return run


def find_model(model: str, root: Path) -> tuple[Path, str]:
    """The folder that is meant, and a name for it that lasts. Raises ModelError."""
    folder = catalog.find(model, root)
    return folder, model if model in catalog.names(root) else str(folder)


@contextmanager
def staged(root: Path) -> Iterator[Path]:
    """An empty folder for what is unpacked, which goes in the end."""
    cache = prepare(root) / "cache"
    cache.mkdir(exist_ok=True)
    _sweep(cache)
    with tempfile.TemporaryDirectory(prefix=f"{_STAGING}{os.getpid()}-", dir=cache) as folder:
        yield Path(folder)


def tunable(folder: Path, lasting: str) -> ModelFacts:
    """What is known of a model. Raises AdapterError for one that nothing can have been trained on."""
    known = facts(folder, folder.name if Path(lasting).is_absolute() else lasting)
    if not known.tunable:
        raise AdapterError(f"{known.name} cannot be tuned: {known.reason}", "Choose the model that it was made for.")
    return known


def free_name(root: Path, stem: str) -> str:
    """Two may come in files of one name, and must be told apart."""
    return next_name(root, stem) if (root / "runs" / slug(stem)).exists() else stem


def describe(model: ModelFacts) -> dict[str, Any]:
    """The model that something belongs to from now on, as a run that was trained on it would say."""
    return {
        "name": model.name,
        "parameters": model.parameters,
        "fingerprint": fingerprint(model.path),
        "files": fingerprints(model.path),
    }


def keep_adapter(run: RunDir, files: AdapterFiles, checked: Checked, model: ModelFacts) -> None:
    """Give a run that nobody trained what a trained one has: its adapter, and the model that it belongs to."""
    data = run.asked().data
    beside = {"template": data.template, "system_prompt": data.system_prompt}

    def write(folder: Path) -> None:
        shutil.copyfile(files.weights, folder / WEIGHTS)
        (folder / CONFIG).write_text(checked.peft_config, encoding="utf-8")
        write_json(folder / BESIDE, beside)

    publish(run.adapter_dir, write)
    write_json(run.environment_path, environment.describe() | {"model": describe(model)})


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


def _create(root: Path, name: str, checked: Checked, model: ModelFacts, lasting: str) -> RunDir:
    return RunDir.create(root, name, checked.config.changed("model.path", lasting), suitable_precision(model))


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
