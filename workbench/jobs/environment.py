"""The environment that worker processes are given."""

import os
from pathlib import Path

from workbench.jobs.allocator import find_allocator

_OFFLINE = "HF_HUB_OFFLINE"
_OFFLINE_AS_SET = "WORKBENCH_HF_HUB_OFFLINE"
_AS_A_RULE = {"PYTHONWARNINGS": "ignore::FutureWarning"}
"""What is told to the authors of libraries is nothing to the readers of a log."""

_WITHOUT_HOLES = "glibc.malloc.hugetlb=1:glibc.malloc.tcache_count=0:glibc.malloc.mxfast=0"
"""An aligned block is cut out of a larger one. The cuttings, kept for small requests, part what is given back around
them: the next tensor of the same size does not fit between them (glibc's bug 30723, mended in 2.39).
"""


def stay_offline() -> None:
    """Keep this process from the hub. What the user set, if anything, still holds for the workers that go online."""
    os.environ.setdefault(_OFFLINE_AS_SET, os.environ.get(_OFFLINE, ""))
    os.environ[_OFFLINE] = "1"


def worker_environment(*, online: bool = False, computes: bool = False) -> dict[str, str]:
    """Offline unless `online`, unbuffered, and able to import this very workbench from any folder.

    Threads wait passively: spinning gains nothing on a quiet machine and costs a third of the speed on a busy one.
    """
    package_root = str(Path(__file__).parents[2])
    paths = [package_root, *filter(None, [os.environ.get("PYTHONPATH")])]
    as_set = {_OFFLINE: os.environ[_OFFLINE_AS_SET]} if _OFFLINE_AS_SET in os.environ else {}
    return (
        _AS_A_RULE
        | (_fast_memory() if computes else {})
        | os.environ
        | (as_set if online else {_OFFLINE: "1"})
        | {
            "PYTHONPATH": os.pathsep.join(paths),
            "PYTHONUNBUFFERED": "1",
            "HF_HUB_DISABLE_TELEMETRY": "1",
            "HF_HUB_DISABLE_PROGRESS_BARS": "1",
            "TRANSFORMERS_VERBOSITY": "error",
            "TOKENIZERS_PARALLELISM": "false",
            "OMP_WAIT_POLICY": "passive",
        }
    )


def _fast_memory() -> dict[str, str]:
    """Large tensors come and go with each layer: huge pages make new ones cheap, another allocator keeps old ones."""
    allocator = find_allocator()
    return {"GLIBC_TUNABLES": _WITHOUT_HOLES} | ({"LD_PRELOAD": allocator} if allocator else {})
