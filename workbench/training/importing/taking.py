"""Taking in what was made elsewhere: a run that another workbench exported, or an adapter of whatever tool."""

from collections.abc import Sequence
from pathlib import Path

from workbench.runs.run_dir import RunDir
from workbench.training.importing.exported_run import find_run
from workbench.training.importing.keeping import import_adapter, staged
from workbench.training.importing.whole_run import keep_run


def take_in(given: Sequence[Path], model: str, root: Path, name: str = "") -> RunDir:
    """The run that these files, a folder or a zip file become, on this model; all is checked before.

    Raises AdapterError, DataError or ModelError, and leaves nothing, where it cannot be.
    """
    with staged(root) as staging:
        exported = find_run(given, staging)
        if exported:
            return keep_run(exported, model, root, name)
    return import_adapter(given, model, root, name)
