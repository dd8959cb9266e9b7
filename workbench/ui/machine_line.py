"""The words at the top of the page: what runs, and what is free."""

from pathlib import Path

from workbench.hardware.devices import free_memory_bytes, machine
from workbench.runs.listing import live_run
from workbench.ui import text
from workbench.ui.quantities import gigabytes


def describe(root: Path) -> str:
    """ "nothing running · 21.4 GB free · CPU, 2 cores"."""
    here, run = machine(), live_run(root)
    doing = _doing(run.name, run.status().step, run.status().steps) if run else text.NOTHING_RUNNING
    cores = f"{here.cores} core{'s' if here.cores > 1 else ''}"
    return f"{doing} · {gigabytes(free_memory_bytes() / 1e9)} GB free · {here.gpu or 'CPU'}, {cores}"


def _doing(name: str, step: int, steps: int) -> str:
    return f"{name}: {100 * step // steps} %" if steps else f"{name}: preparing"
