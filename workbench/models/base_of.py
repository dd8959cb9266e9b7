"""The model that a run was trained on, as it was then."""

from pathlib import Path

from workbench.errors import RunError
from workbench.jobs.files import read_json
from workbench.models import catalog
from workbench.models.fingerprint import fingerprint
from workbench.runs.run_dir import RunDir


def base_of(run: RunDir) -> Path:
    """Its folder. Raises ModelError if it is gone, and RunError if it is another by now: an adapter says nothing
    sensible beside other weights than those it was trained on.
    """
    folder = catalog.find(run.config().model.path, run.root)
    trained_on = read_json(run.environment_path).get("model", {}).get("fingerprint")
    if trained_on not in (None, fingerprint(folder)):
        name = Path(run.config().model.path).name
        raise RunError(f"The model {name} has changed since {run.name} was trained.", "Bring it back, or train again.")
    return folder
