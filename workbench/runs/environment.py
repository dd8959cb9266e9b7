"""What a run was made with: versions and machine."""

import platform
from importlib import metadata
from typing import Any

from workbench import __version__
from workbench.hardware.devices import machine

_PACKAGES = ("torch", "transformers", "peft", "tokenizers", "safetensors", "accelerate", "bitsandbytes", "datasets")


def describe() -> dict[str, Any]:
    """Versions and hardware, read without importing the packages."""
    here = machine()
    return {
        "workbench": __version__,
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.release()}",
        "packages": {name: metadata.version(name) for name in _PACKAGES},
        "cpu": here.cpu,
        "cores": here.cores,
        "ram_gb": round(here.ram_gb, 1),
        "gpu": here.gpu,
    }
