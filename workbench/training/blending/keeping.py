"""A blended adapter becomes a run that has finished, so that it can be chosen wherever an adapter can be."""

from pathlib import Path
from typing import Any

from workbench.config.build import build
from workbench.config.run_config import RunConfig
from workbench.errors import RunError
from workbench.jobs.files import write_json
from workbench.jobs.folder import Status
from workbench.models import catalog, layouts
from workbench.models.facts import ModelFacts, facts
from workbench.runs.run_dir import RunDir, next_name
from workbench.training.blending.provenance import Provenance
from workbench.training.blending.recipe import Recipe
from workbench.training.blending.request import BASE_NAME
from workbench.training.checkpoints import damage
from workbench.training.continuing import check_model
from workbench.training.importing.checking import check
from workbench.training.importing.description import read_description
from workbench.training.importing.files import CONFIG, WEIGHTS, AdapterFiles
from workbench.training.importing.keeping import keep_adapter, suitable_precision

_QUANTIZATION = ("quantization", "double_quantization", "quantization_block_size")


def find_model(recipe: Recipe) -> ModelFacts:
    """The model of all the parts, as it was when they learned, and the parts as they were written.

    Raises RunError or ModelError where one of these is not so.
    """
    first = recipe.parts[0]
    folder = catalog.find(first.config.model.path, first.run.root)
    for part in recipe.parts:
        if damaged := damage(part.folder):
            raise RunError(f"The adapter of {part.name} is damaged ({damaged}).", "Choose another run.")
        check_model(part.run, folder)
    return layouts.learn(facts(folder, Path(first.config.model.path).name), first.run.root)


def make_run(recipe: Recipe, model: ModelFacts, origin: Provenance, folder: Path) -> RunDir:
    """The whole run, below the folder that holds the blended files; `move_to` lets it be seen."""
    files = AdapterFiles(BASE_NAME, folder / CONFIG, folder / WEIGHTS, None)
    checked = check(files, read_description(files.config), model)
    name = recipe.request.name or next_name(recipe.parts[0].run.root, BASE_NAME)
    run = RunDir.create(folder, name, _config(recipe, checked.config), suitable_precision(model))
    keep_adapter(run, files, checked, model)
    write_json(run.blend_path, origin.to_json())
    run.write_status(Status("finished", message=f"{origin.sentence()} {origin.exactness()}"))
    return run


def _config(recipe: Recipe, adapter: RunConfig) -> RunConfig:
    """The adapter's own settings on what the parts stood on; the first says how a conversation is written."""
    first = recipe.parts[0].config
    settings: dict[str, Any] = {
        "model.path": first.model.path,
        "data.template": first.data.template,
        "data.system_prompt": first.data.system_prompt,
    }
    if len({part.config.model.quantization for part in recipe.parts}) == 1:
        settings |= {f"model.{name}": getattr(first.model, name) for name in _QUANTIZATION}
    return build(settings, adapter)
