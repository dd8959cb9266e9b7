"""The environment that worker processes are given."""

import os
from pathlib import Path


def worker_environment(*, online: bool = False) -> dict[str, str]:
    """Offline unless `online`, unbuffered, and able to import this very workbench from any folder.

    Threads wait passively: spinning gains nothing on a quiet machine and costs a third of the speed on a busy one.
    """
    package_root = str(Path(__file__).parents[2])
    paths = [package_root, *filter(None, [os.environ.get("PYTHONPATH")])]
    offline = {} if online else {"HF_HUB_OFFLINE": "1"}
    return (
        os.environ
        | offline
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
