"""What the browser asks to have exported, and the command that does the same."""

import shlex
from pathlib import Path
from typing import Any

from workbench.errors import RunError
from workbench.export.record.statement import kept_statement
from workbench.export.request import ExportRequest
from workbench.export.targets import TARGETS
from workbench.runs.run_dir import RunDir
from workbench.ui import text_export as text
from workbench.ui.export import shelf

Answer = dict[str, Any]


def read_request(root: Path, arg: Answer) -> ExportRequest:
    """Raises WorkbenchError for what no page asks, and for a name that cannot be."""
    run, target, numbers, name = (arg.get(key, "") for key in ("run", "target", "numbers", "name"))
    if not (isinstance(run, str) and run):
        raise RunError(text.NO_RUN, text.CHOOSE_RUN)
    if target == "":
        raise RunError(text.NO_FORM, text.SEE_REASONS)
    if not (isinstance(target, str) and target in TARGETS and numbers in (TARGETS[target].numbers or ("",))):
        raise RunError(text.NO_TARGET, text.RELOAD)
    statement = kept_statement(RunDir.open(root, run))
    wanted = name.strip() if isinstance(name, str) else ""
    out = shelf.place(root, wanted or shelf.free_name(root, run, target, numbers))
    return ExportRequest(run, target, numbers, out, statement)


def command_for(request: ExportRequest) -> str:
    """The same for a terminal."""
    words = ["python", "-m", "workbench", "export", request.run, "--to", request.target]
    numbers = ["--numbers", request.numbers] if request.numbers else []
    return shlex.join([*words, *numbers, "--out", str(request.out)])
