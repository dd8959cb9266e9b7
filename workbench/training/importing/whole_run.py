"""An exported run becomes a run here: its result is checked as any from elsewhere, its record written anew."""

import shutil
import time
from pathlib import Path, PurePosixPath
from typing import Any

from workbench.config.build import build
from workbench.config.run_config import RunConfig
from workbench.config.tracking import TrackingSettings
from workbench.errors import AdapterError, SettingError, WorkbenchError
from workbench.jobs.files import write_atomic, write_json
from workbench.jobs.folder import ENDED, Exit, Status
from workbench.methods.changed_weights import ABOUT, WEIGHTS
from workbench.models import layouts
from workbench.models.facts import ModelFacts
from workbench.runs.run_dir import Resolved, RunDir
from workbench.training.checkpoints import publish
from workbench.training.importing.changed import check_changed
from workbench.training.importing.checking import check
from workbench.training.importing.description import read_description
from workbench.training.importing.exported_run import ExportedRun, is_number
from workbench.training.importing.files import find_files
from workbench.training.importing.keeping import describe, find_model, free_name, keep_adapter, tunable

_TAKEN_IN = "Taken in from {}."
_MOST_CHARACTERS = 4000
_WORDS = ("cpu", "gpu", "device", "engine", "workbench", "python", "precision")
_NUMBERS = ("cores", "ram_gb", "threads", "trainable_parameters")
_SCORED = ("loss", "perplexity", "exact", "rouge_l", "chrf")


def keep_run(exported: ExportedRun, model: str, root: Path, name: str) -> RunDir:
    """Raises AdapterError, DataError or ModelError, and leaves nothing, where it cannot be."""
    asked, became = exported.settings()
    folder, lasting = find_model(model, root)
    known = tunable(folder, lasting)
    _check_model(exported, known)
    asked = _here(asked, became, lasting)
    about = exported.record("about.json")
    wanted = name or free_name(root, _text(about.get("name")) or Path(exported.source).stem)
    known = layouts.learn(known, root)
    run = RunDir.create(root, wanted, asked, became)
    try:
        _keep_result(run, exported, known)
        _keep_record(run, exported, known, about)
    except OSError as error:
        shutil.rmtree(run.path)
        raise AdapterError(f"The run could not be kept: {error.strerror}.", "Make room first.") from error
    except WorkbenchError:
        shutil.rmtree(run.path)
        raise
    return run


def _check_model(exported: ExportedRun, known: ModelFacts) -> None:
    made_for = exported.record("environment.json").get("model", {})
    told = made_for if isinstance(made_for, dict) else {}
    if told.get("fingerprint") != describe(known)["fingerprint"]:
        other = _text(told.get("name")) or "another model"
        sentence = f"This run was trained on {other}, whose files are not those of {known.name} here."
        raise AdapterError(sentence, "Choose that model, as it was then.")


def _here(asked: RunConfig, became: dict[str, Resolved], lasting: str) -> RunConfig:
    """On this computer its settings lead to no file, and to no other run. Raises AdapterError for what cannot be."""
    if asked.model.merged:
        told = "This run was built on another one, which was merged into its model first."
        raise AdapterError(told, "Only runs that stand on the model alone are taken in.")
    for place in ("path", "eval_path"):
        asked = asked.changed(f"data.{place}", PurePosixPath(getattr(asked.data, place)).name)
    asked = asked.changed("model.path", lasting).changed("model.adapter", "").changed("tracking", TrackingSettings())
    try:
        build({path: row.value for path, row in became.items()}, asked)
    except SettingError as error:
        raise AdapterError(f"The settings of this run cannot be: {error.message}", error.hint) from error
    return asked


def _keep_result(run: RunDir, exported: ExportedRun, known: ModelFacts) -> None:
    if exported.result.name == "weights":
        _keep_weights(run, exported.result, known)
        return
    files = find_files([exported.result], exported.folder)
    checked = check(files, read_description(files.config), known)
    if checked.config.method.name != run.config().method.name:
        raise AdapterError("The adapter of this run is none of its method.", "Get its files again.")
    keep_adapter(run, files, checked, known)


def _keep_weights(run: RunDir, folder: Path, known: ModelFacts) -> None:
    stored = check_changed(folder, known)
    base = {"name": known.name, "fingerprint": describe(known)["fingerprint"]}

    def write(staging: Path) -> None:
        shutil.copyfile(folder / WEIGHTS, staging / WEIGHTS)
        write_json(staging / ABOUT, {"base": base, "tensors": {name: list(one.shape) for name, one in stored.items()}})

    publish(run.path / "weights", write)


def _keep_record(run: RunDir, exported: ExportedRun, known: ModelFacts, about: dict[str, Any]) -> None:
    """What the run says of itself comes last: with that it is complete."""
    write_json(run.environment_path, _environment(exported) | {"model": describe(known)})
    course = "".join(exported.course())
    if course:
        write_atomic(run.metrics_path, course)
        write_json(run.data_dir / "summary.json", _data(exported.record("data/summary.json")))
    else:
        write_json(run.imported_path, {"source": exported.source, "made_for": known.name, "at": time.time()})
    run.update_about(**_about(about))
    ended = exported.record("exit.json")
    run.write_exit(Exit(0, None, False, _number(ended.get("seconds")), _number(ended.get("peak_gb"))))
    status = exported.record("status.json")
    phase = status.get("phase") if status.get("phase") in ENDED[:2] else "finished"
    step, steps = (int(_number(status.get(name))) for name in ("step", "steps"))
    run.write_status(Status(str(phase), step, steps, _TAKEN_IN.format(exported.source)))


def _environment(exported: ExportedRun) -> dict[str, Any]:
    told = exported.record("environment.json")
    packages = told.get("packages")
    kept: dict[str, Any] = {name: _text(told[name]) for name in _WORDS if _text(told.get(name))}
    kept |= {name: told[name] for name in _NUMBERS if told.get(name) is not None and is_number(told[name])}
    named = packages.items() if isinstance(packages, dict) else ()
    return kept | {"packages": {str(name): _text(version) for name, version in named}}


def _data(told: dict[str, Any]) -> dict[str, Any]:
    """Counts, and the files by name; their rows are not here."""
    counts = {name: value for name, value in told.items() if type(value) is int}
    files = [file for file in told.get("files", ()) if isinstance(file, dict)]
    digests = told.get("sha256")
    return counts | {
        "files": [{name: one for name, one in file.items() if type(one) in (int, bool, str)} for file in files],
        "sha256": {name: _text(one) for name, one in digests.items()} if isinstance(digests, dict) else {},
    }


def _about(told: dict[str, Any]) -> dict[str, Any]:
    statement, scores = told.get("statement"), told.get("scores")
    answers = statement.items() if isinstance(statement, dict) else ()
    parts = scores.items() if isinstance(scores, dict) else ()
    return {
        "note": _text(told.get("note")),
        "statement": {name: _text(answer) for name, answer in answers},
        "scores": {name: kept for name, part in parts if isinstance(part, dict) and (kept := _score(part))},
    }


def _score(part: dict[str, Any]) -> dict[str, Any]:
    """Of one part of the examples, or of what was forgotten: numbers of the original and of the tuned model."""
    pairs = {name: part[name] for name in _SCORED if _is_pair(part.get(name))}
    words = {name: _text(part[name]) for name in ("word", "sentence") if name in part}
    examples = {"examples": part["examples"]} if type(part.get("examples")) is int else {}
    return examples | pairs | words if examples or words else {}


def _is_pair(value: Any) -> bool:
    return isinstance(value, dict) and all(type(value.get(who)) in (int, float) for who in ("original", "tuned"))


def _number(value: Any) -> float:
    return float(value) if value is not None and is_number(value) else 0.0


def _text(value: Any) -> str:
    return value[:_MOST_CHARACTERS] if isinstance(value, str) else ""
