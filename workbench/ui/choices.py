"""What can be chosen on the page. Only names from these lists are accepted, never a path that a browser sent."""

from pathlib import Path

from workbench.config.run_config import RunConfig
from workbench.data.sets import sources
from workbench.data.sets.sources import Dataset
from workbench.errors import SettingError
from workbench.jobs.folder import ENDED
from workbench.memory.fit import fit, free_gb
from workbench.methods.merging import MERGEABLE
from workbench.models import layouts
from workbench.models.catalog import find, list_models, names
from workbench.models.facts import ModelFacts, facts
from workbench.runs import listing
from workbench.runs.run_dir import RunDir, all_runs
from workbench.ui import text, text_models

Options = list[tuple[str, str]]
"""(what is read, what is sent)."""


def model_options(root: Path) -> Options:
    free = free_gb()
    return [(_model_label(model, free), model.name) for model in list_models(root)]


def data_options(root: Path, chosen: str = "") -> Options:
    """The sets, and what is chosen if that is an earlier version of one."""
    listed = [(_data_label(dataset), dataset.name) for dataset in sources.list_datasets(root)]
    is_version = "@" in chosen and _is_set(chosen, root)
    return [*listed, (chosen, chosen)] if is_version else listed


def adapter_options(root: Path, chosen: str = "") -> Options:
    """A new adapter, the runs whose adapter can be trained further, the newest first, and what is chosen."""
    runs = (run for run in reversed(all_runs(root)) if run.id == chosen or _has_result(run))
    found = {"": text.NEW_ADAPTER} | {run.id: run.name for run in runs}
    # One that is gone stays in the list, so that the form says so instead of beginning a new adapter unasked.
    return [(name, run_id) for run_id, name in (found | {chosen: found.get(chosen, chosen)}).items()]


def merged_options(root: Path, chosen: str = "") -> Options:
    """None, the runs whose adapter can be merged into the model, the newest first, and what is chosen."""
    runs = (run for run in reversed(all_runs(root)) if run.id == chosen or (_has_result(run) and _is_mergeable(run)))
    found = {"": text.NOT_MERGED} | {run.id: run.name for run in runs}
    return [(name, run_id) for run_id, name in (found | {chosen: found.get(chosen, chosen)}).items()]


def check_listed(config: RunConfig, root: Path) -> None:
    """Raises SettingError unless model and data are names from the lists, or versions of what is."""
    check_model(config.model.path, root)
    _check("data.path", config.data.path, _is_set(config.data.path, root), text.CHOOSE_DATA)
    kept_back = config.data.eval_path
    _check("data.eval_path", kept_back, not kept_back or _is_set(kept_back, root), text.CHOOSE_DATA)


def check_model(name: str, root: Path) -> None:
    """Raises SettingError unless this is a name from the list."""
    _check("model.path", name, name in names(root), text.CHOOSE_MODEL)


def find_model(root: Path, name: str) -> ModelFacts | None:
    """The model in the list, if it is there."""
    return layouts.recall(facts(find(name, root), name), root) if name in names(root) else None


def _has_result(run: RunDir) -> bool:
    return run.has_adapter() and run.status().phase in ENDED


def _is_mergeable(run: RunDir) -> bool:
    made_of = listing.facts(run)
    return made_of.method in MERGEABLE and not made_of.merged


def _is_set(name: str, root: Path) -> bool:
    return sources.find_set(name, root) is not None


def _check(setting: str, name: str, is_listed: bool, hint: str) -> None:
    if not is_listed:
        raise SettingError(setting, text.NOT_LISTED.format(name) if name else text.NOT_CHOSEN, hint)


def _model_label(model: ModelFacts, free_gb: float) -> str:
    if not model.tunable:
        return text_models.LISTED_UNUSABLE.format(model.name)
    is_too_large = fit(model, free_gb).verdict == "will not fit"
    return text_models.LISTED_TOO_LARGE.format(model.name) if is_too_large else model.name


def _data_label(dataset: Dataset) -> str:
    return f"{dataset.name} (sample)" if dataset.is_sample else dataset.name
