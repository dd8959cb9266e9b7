"""Which kernels this machine computes with, as JSON:  python -m workbench.engine.report KERNELS_FOLDER

In a process of its own, since it loads torch, and tries what was built.
"""

import json
import sys
from pathlib import Path

from workbench.engine.choice import choose_kernels


def main() -> None:
    kernels = choose_kernels(Path(sys.argv[1]))
    json.dump({"kernels": kernels.name, "reason": kernels.reason}, sys.stdout)


if __name__ == "__main__":
    main()
